package io.lynx.config;

import io.lynx.config.ConfigNode.Text;
import io.lynx.config.ConfigNode.Value;
import io.lynx.config.Scalar.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${NAME}}, {@code ${NAME:default}} and {@code ${file:/path}} in the values of files. A name is looked
 * up in the environment, then in the system properties, then among the configuration's own keys. The result is not
 * expanded again, so a password may contain any character. A doubled dollar before the brace escapes a reference. Not
 * thread-safe.
 */
final class Expansion {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_FILE = 64 << 10;

    private final ConfigNode root;
    private final Map<String, String> environment;
    private final Map<String, String> properties;
    private final Map<String, ConfigKey> known;
    private final @Nullable Path workingDirectory;
    private final IdentityHashMap<Text, Expanded> done = new IdentityHashMap<>();
    private final Set<String> underway = new HashSet<>();

    Expansion(
            ConfigNode root,
            Map<String, String> environment,
            Map<String, String> properties,
            Map<String, ConfigKey> known,
            @Nullable Path workingDirectory) {
        this.root = root;
        this.environment = environment;
        this.properties = properties;
        this.known = known;
        this.workingDirectory = workingDirectory;
    }

    /**
     * An expanded value; {@code isComposed} if a reference was replaced in it, {@code isSecret} if one was replaced by
     * a secret.
     */
    record Expanded(String text, boolean isComposed, boolean isSecret) {}

    /**
     * Returns {@code text} with its references replaced.
     *
     * @throws Refused if it cannot be expanded
     */
    Expanded expand(Text text) {
        boolean isLiteral = text.isLiteral() && !isFileReference(text.text());
        if (isLiteral || text.text().indexOf('$') < 0) {
            return new Expanded(text.text(), false, false);
        }
        Expanded known = done.get(text);
        if (known == null) {
            known = new Template(text.text()).expanded();
            done.put(text, known);
        }
        return known;
    }

    /** Returns whether a text that is otherwise not expanded, such as the value of a variable, names a file to read. */
    private static boolean isFileReference(String text) {
        return text.startsWith("${file:") && text.endsWith("}");
    }

    /** The expansion of one text. */
    private final class Template {
        private final String source;
        private final StringBuilder out = new StringBuilder();
        private int at;
        private int depth;
        private boolean isComposed;
        private boolean isSecret;

        Template(String source) {
            this.source = source;
        }

        Expanded expanded() {
            copy(out, true, false);
            return new Expanded(out.toString(), isComposed, isSecret);
        }

        /** Copies up to the end of the text or, inside a reference, up to its closing brace. */
        private void copy(StringBuilder to, boolean isLive, boolean isInside) {
            int escaped = 0;
            while (at < source.length()) {
                char c = source.charAt(at);
                if (source.startsWith("$${", at)) {
                    to.append("${");
                    escaped++;
                    at += 3;
                } else if (source.startsWith("${", at)) {
                    reference(to, isLive);
                } else if (c == '}' && isInside && escaped == 0) {
                    return;
                } else {
                    escaped -= c == '}' && escaped > 0 ? 1 : 0;
                    to.append(c);
                    at++;
                }
                if (to.length() > MAX_LENGTH) {
                    throw new Refused("grows past " + MAX_LENGTH + " characters", "shorter references");
                }
            }
            if (isInside) {
                throw new Refused("has no closing brace", "write ${NAME}, or $${ for the two characters themselves");
            }
        }

        private void reference(StringBuilder to, boolean isLive) {
            if (++depth > MAX_DEPTH) {
                throw new Refused("is nested too deep", "at most " + MAX_DEPTH + " references in each other");
            }
            int start = at;
            at += 2;
            isComposed = true;
            if (source.startsWith("file:", at)) {
                at += 5;
                StringBuilder path = new StringBuilder();
                copy(path, isLive, true);
                if (isLive) {
                    to.append(readSecret(path.toString()));
                    isSecret = true;
                }
            } else {
                variable(to, isLive, start);
            }
            at++;
            depth--;
        }

        private void variable(StringBuilder to, boolean isLive, int start) {
            int nameStart = at;
            while (at < source.length() && isNamePart(source.charAt(at))) {
                at++;
            }
            String name = source.substring(nameStart, at);
            char end = at < source.length() ? source.charAt(at) : 0;
            if (name.isEmpty() || (end != ':' && end != '}')) {
                throw new Refused(
                        "has something other than a name in ${…} at character " + (start + 1),
                        "write ${NAME} or ${NAME:default}, or $${ for the two characters themselves");
            }
            Expanded found = isLive ? lookUp(name) : null;
            if (found != null) {
                to.append(found.text());
                isSecret |= found.isSecret();
            }
            if (end == ':') {
                at++;
                copy(found == null ? to : new StringBuilder(), isLive && found == null, true);
            } else if (isLive && found == null) {
                throw new Refused(
                        "refers to '" + name + "', which is not set",
                        "set the environment variable " + name + " or write ${" + name + ":default}");
            }
        }
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
    }

    private @Nullable Expanded lookUp(String name) {
        String text = environment.get(name);
        if (text == null) {
            text = properties.get(name);
        }
        if (text != null) {
            return isFileReference(text) ? new Template(text).expanded() : new Expanded(text, true, isSecret(name));
        }
        ConfigNode node = root.find(name);
        Value value = node == null ? null : node.value();
        if (value instanceof Text written) {
            if (!underway.add(name)) {
                throw new Refused("refers to '" + name + "', which leads back here", "a value that stands by itself");
            }
            if (underway.size() > MAX_DEPTH) {
                throw new Refused("is nested too deep", "at most " + MAX_DEPTH + " references in each other");
            }
            try {
                Expanded found = expand(written);
                return new Expanded(found.text(), true, found.isSecret() || isSecret(name));
            } finally {
                underway.remove(name);
            }
        }
        ConfigKey key = known.get(name);
        return key == null || key.defaultText().isEmpty()
                ? null
                : new Expanded(key.defaultText(), true, key.isSecret());
    }

    private boolean isSecret(String name) {
        ConfigKey key = known.get(name);
        return Masking.isSecretName(name) || (key != null && key.isSecret());
    }

    private String readSecret(String path) {
        Path file = workingDirectory == null ? Path.of(path) : workingDirectory.resolve(path);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE + 1);
            if (bytes.length > MAX_FILE) {
                throw new Refused(
                        "names a file of more than " + MAX_FILE + " bytes", "a file that holds the value alone");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            int end = text.endsWith("\r\n") ? text.length() - 2 : text.length() - (text.endsWith("\n") ? 1 : 0);
            return text.substring(0, end);
        } catch (NoSuchFileException missing) {
            throw new Refused("names a file that does not exist", "mount it, or correct the path");
        } catch (AccessDeniedException denied) {
            throw new Refused("names a file that may not be read", "let the process's user read it");
        } catch (IOException unreadable) {
            throw new Refused("cannot be read", "" + unreadable.getMessage());
        }
    }
}
