package io.lynx.config;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.YamlNode.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the YAML files: {@code config.yml} on the class path, then the one in the working directory or the
 * one that was named instead of it, then in the same order those of each profile. Each file overrides those before it.
 */
final class ConfigFiles {
    static final int MAX_BYTES = 4 << 20;
    private static final String NAME = "config.yml";

    private final @Nullable Path workingDirectory;
    private final @Nullable ClassLoader classLoader;
    private final List<Layer> layers = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final SortedMap<Path, FileContents.Content> contents = new TreeMap<>();
    private final List<String> sources = new ArrayList<>();
    private final List<String> profiles = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    ConfigFiles(@Nullable Path workingDirectory, @Nullable ClassLoader classLoader) {
        this.workingDirectory = workingDirectory;
        this.classLoader = classLoader;
    }

    /**
     * A choice of a file or a profile.
     *
     * @param value the chosen file or profile
     * @param origin the argument, property or variable that chose it
     */
    record Choice(String value, String origin) {}

    /** Reads all files that exist. */
    void read(@Nullable Choice path, @Nullable Choice profiles) {
        readResource(NAME);
        if (path != null) {
            if (!readFile(path.value(), true)) {
                problems.add(new ConfigProblem("configuration file: '" + path.value() + "' does not exist ("
                        + path.origin() + "); the path of a YAML file"));
            }
        } else if (workingDirectory != null
                && !readFile(NAME, false)
                && Files.exists(workingDirectory.resolve("config.yaml"))) {
            warnings.add("config.yaml: not read; rename it to " + NAME + ", or name it with --config");
        }
        if (profiles != null) {
            for (String profile : profiles.value().split(",", -1)) {
                readProfile(profile.strip(), path == null ? NAME : path.value(), profiles.origin());
            }
        }
    }

    private void readProfile(String profile, String base, String origin) {
        if (profile.isEmpty() || !profile.chars().allMatch(ConfigFiles::isProfilePart) || profile.startsWith(".")) {
            problems.add(new ConfigProblem("profile: '" + profile + "' (" + origin
                    + "); names of letters, digits, dots, dashes and underscores, separated by commas"));
            return;
        }
        profiles.add(profile);
        boolean isPackaged = readResource("config-" + profile + ".yml");
        String file = profileFile(base, profile);
        if (!(workingDirectory != null && readFile(file, false)) && !isPackaged) {
            problems.add(new ConfigProblem("profile: '" + profile + "' has no file (" + origin + "); add " + file
                    + ", or config-" + profile + ".yml to the class path"));
        }
    }

    private static boolean isProfilePart(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    /** Returns the path of a profile's file: {@code conf/app-prod.yml} for {@code conf/app.yml} and {@code prod}. */
    private static String profileFile(String base, String profile) {
        int dot = base.lastIndexOf('.');
        return dot > base.lastIndexOf('/') + 1
                ? base.substring(0, dot) + "-" + profile + base.substring(dot)
                : base + "-" + profile;
    }

    private boolean readResource(String name) {
        if (classLoader == null) {
            return false;
        }
        String source = "classpath:" + name;
        try (InputStream in = classLoader.getResourceAsStream(name)) {
            if (in == null) {
                return false;
            }
            add(source, in.readNBytes(MAX_BYTES + 1));
        } catch (IOException unreadable) {
            problems.add(new ConfigProblem(source + ": cannot be read; " + unreadable.getMessage()));
        }
        return true;
    }

    private boolean readFile(String name, boolean isNamed) {
        byte[] bytes;
        try {
            Path file = workingDirectory == null ? Path.of(name) : workingDirectory.resolve(name);
            if (Files.isDirectory(file)) {
                problems.add(new ConfigProblem(name + ": is a directory; a YAML file"));
                return true;
            }
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            files.add(file);
            contents.put(file, FileContents.Content.of(bytes));
        } catch (NoSuchFileException missing) {
            return false;
        } catch (AccessDeniedException denied) {
            problems.add(new ConfigProblem(name + ": may not be read; let the process's user read it"));
            return true;
        } catch (IOException | InvalidPathException unreadable) {
            problems.add(new ConfigProblem(
                    name + ": cannot be read" + (isNamed ? " as named" : "") + "; " + unreadable.getMessage()));
            return true;
        }
        add(name, bytes);
        return true;
    }

    private void add(String source, byte[] bytes) {
        sources.add(source);
        if (bytes.length > MAX_BYTES) {
            problems.add(new ConfigProblem(
                    source + ": more than " + new Size(MAX_BYTES) + "; a configuration file is smaller"));
            return;
        }
        String text = decode(source, bytes);
        if (text != null) {
            add(source, text);
        }
    }

    /** Adds a YAML text that is already in memory. */
    void add(String source, String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Optional<Mapping> document = YamlReader.read(source, withoutMark, problems);
        document.ifPresent(mapping -> layers.add(new Layer.Yaml(source, mapping, layers.size())));
    }

    private @Nullable String decode(String source, byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        var decoder = StandardCharsets.UTF_8.newDecoder();
        try {
            var result = decoder.decode(in, text, true);
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException notUtf8) {
            long line = text.flip().chars().filter(c -> c == '\n').count() + 1;
            problems.add(new ConfigProblem(
                    source + ":" + line + ": not UTF-8 at byte " + in.position() + "; save the file as UTF-8"));
            return null;
        }
        return text.flip().toString();
    }

    List<Layer> layers() {
        return layers;
    }

    List<Path> files() {
        return files;
    }

    FileContents contents() {
        return new FileContents(contents);
    }

    List<String> sources() {
        return sources;
    }

    List<String> profiles() {
        return profiles;
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    List<String> warnings() {
        return warnings;
    }
}
