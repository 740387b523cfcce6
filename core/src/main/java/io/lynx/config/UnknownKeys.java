package io.lynx.config;

import io.lynx.config.ConfigNode.Role;
import io.lynx.config.ConfigNode.Text;
import io.lynx.config.Found.Unknown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reports each key that no record has read as a problem, with a suggestion of what was meant. */
final class UnknownKeys {
    private static final int LISTED = 12;

    private final Found found;
    private final Collection<String> known;
    private final Map<String, String> absent;

    /**
     * Creates a reporter of unknown keys.
     *
     * @param known every key of the bound sections
     * @param absent sections of plugins that are not installed, and their artifacts
     */
    UnknownKeys(Found found, Collection<String> known, Map<String, String> absent) {
        this.found = found;
        this.known = known;
        this.absent = absent;
    }

    /** Searches below the strict root and below every section. */
    void addFrom(ConfigNode tree, Collection<ConfigSection<?>> sections, String strictRoot) {
        Set<String> prefixes = new LinkedHashSet<>();
        for (ConfigSection<?> section : sections) {
            prefixes.add(section.prefix());
        }
        markAbove(tree, prefixes, strictRoot);
        ConfigNode strict = tree.find(strictRoot);
        if (strict != null) {
            if (strict.role() == Role.UNKNOWN) {
                between(strictRoot, strict, List.of());
            }
            found.unknownBelow(strictRoot, strict);
        }
        for (String prefix : prefixes) {
            ConfigNode node = tree.find(prefix);
            if (node != null && !isStrict(prefix, strictRoot) && !isInside(prefix, prefixes)) {
                found.unknownBelow(prefix, node);
            }
        }
        addMistakenRoot(tree, prefixes, strictRoot);
        for (Unknown unknown : found.unknown()) {
            found.problem(unknown.key(), "unknown (" + unknown.origin() + "); " + advice(unknown));
        }
    }

    /** Reports a root key that is similar to the strict root; other root keys belong to the application. */
    private void addMistakenRoot(ConfigNode tree, Set<String> prefixes, String strictRoot) {
        for (Map.Entry<String, ConfigNode> child : tree.children().entrySet()) {
            String key = child.getKey();
            boolean isBound = prefixes.contains(key) || isAbove(key, prefixes);
            if (!isBound && !key.equals(strictRoot) && Suggestions.closest(key, List.of(strictRoot)) != null) {
                found.problem(key, "unknown (" + child.getValue().origin() + "); did you mean '" + strictRoot + "'?");
            }
        }
    }

    private static boolean isStrict(String prefix, String strictRoot) {
        return prefix.equals(strictRoot) || prefix.startsWith(strictRoot + ".");
    }

    private static boolean isInside(String prefix, Set<String> prefixes) {
        for (String other : prefixes) {
            if (prefix.startsWith(other + ".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAbove(String key, Set<String> prefixes) {
        for (String prefix : prefixes) {
            if (prefix.startsWith(key + ".")) {
                return true;
            }
        }
        return false;
    }

    /** Marks the nodes above each section as known, with the name of the section as one of their keys. */
    private void markAbove(ConfigNode tree, Set<String> prefixes, String strictRoot) {
        Map<String, Set<String>> below = new HashMap<>();
        Set<String> all = new LinkedHashSet<>(prefixes);
        all.addAll(absent.keySet());
        for (String prefix : all) {
            for (int dot = prefix.lastIndexOf('.'); dot > 0; dot = prefix.lastIndexOf('.', dot - 1)) {
                int end = prefix.indexOf('.', dot + 1);
                String name = prefix.substring(dot + 1, end < 0 ? prefix.length() : end);
                below.computeIfAbsent(prefix.substring(0, dot), key -> new LinkedHashSet<>())
                        .add(name);
            }
        }
        for (Map.Entry<String, Set<String>> entry : below.entrySet()) {
            String prefix = entry.getKey();
            ConfigNode node = tree.find(prefix);
            if (node != null && (isStrict(prefix, strictRoot) || node.role() == Role.SECTION)) {
                between(prefix, node, entry.getValue());
            }
        }
    }

    /** Marks a node that lies above sections, whether or not it is a section itself. */
    private void between(String key, ConfigNode node, Collection<String> names) {
        if (node.hasContent() && node.role() == Role.UNKNOWN) {
            String shape = node.value() instanceof Text ? "is one value" : "is a list";
            String allowed = names.isEmpty() ? "" : " with " + String.join(", ", names);
            found.problem(key, shape + " (" + node.origin() + "); a section" + allowed);
        }
        node.section(names);
    }

    private String advice(Unknown unknown) {
        for (Map.Entry<String, String> plugin : absent.entrySet()) {
            if (unknown.key().equals(plugin.getKey()) || unknown.key().startsWith(plugin.getKey() + ".")) {
                return "it belongs to " + plugin.getValue() + ", which is not installed";
            }
        }
        String sibling = Suggestions.closest(unknown.name(), unknown.siblings());
        if (sibling != null) {
            return "did you mean '" + sibling + "'?";
        }
        String elsewhere = elsewhere(unknown);
        if (elsewhere != null) {
            return "did you mean '" + elsewhere + "'?";
        }
        List<String> allowed = new ArrayList<>(new LinkedHashSet<>(unknown.siblings()));
        return allowed.isEmpty() || allowed.size() > LISTED
                ? "no such key"
                : "the keys here are " + String.join(", ", allowed);
    }

    /**
     * Returns a known key of the same name elsewhere: one below the same parent, otherwise the only one of that name.
     */
    private @Nullable String elsewhere(Unknown unknown) {
        String parent = unknown.key()
                .substring(0, unknown.key().length() - unknown.name().length());
        @Nullable String near = null;
        @Nullable String only = null;
        int count = 0;
        for (String key : known) {
            if (key.endsWith("." + unknown.name())) {
                if (key.startsWith(parent)) {
                    near = near == null || key.compareTo(near) < 0 ? key : near;
                }
                only = key;
                count++;
            }
        }
        return near != null ? near : count == 1 ? only : null;
    }
}
