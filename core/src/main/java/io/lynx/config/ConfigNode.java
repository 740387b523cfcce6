package io.lynx.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key in the merged configuration and everything below it. Dots always divide, however a source wrote the key, so
 * {@code lynx.http.port} of an argument and a nested file meet in the same node. A node can hold a value and children at
 * once: {@code io} and {@code io.lynx} are both loggers. Whether that makes sense is for the binder, which knows the types.
 */
final class ConfigNode {
    /** What the binder found a node to be; what stays UNKNOWN is nobody's. */
    enum Role {
        UNKNOWN,
        SECTION,
        TAKEN
    }

    /** What a source wrote at a key. */
    sealed interface Value {
        Origin origin();
    }

    /**
     * A scalar.
     *
     * @param isLiteral whether it stands for itself: what comes from the environment, properties and arguments is not
     *     expanded, and a list there is written with commas
     */
    record Text(String text, boolean isLiteral, Origin origin) implements Value {}

    /** A list; each item is the root of its own tree. */
    record Items(List<ConfigNode> items, Origin origin) implements Value {}

    /** A null: the key was written and left empty. */
    record Nothing(Origin origin) implements Value {}

    /** An empty section, {@code {}}. */
    record Empty(Origin origin) implements Value {}

    private final Origin firstSeen;
    private final Map<String, ConfigNode> children = new LinkedHashMap<>();
    private @Nullable Value value;
    private int rank = -1;
    private boolean wholeKey;
    private Role role = Role.UNKNOWN;
    private Collection<String> keys = List.of();

    ConfigNode(Origin firstSeen) {
        this.firstSeen = firstSeen;
    }

    /** The node at {@code key} below this one, made where it is missing. */
    ConfigNode at(String key, Origin origin) {
        ConfigNode node = this;
        for (String segment : segments(key)) {
            node = node.children.computeIfAbsent(segment, absent -> new ConfigNode(origin));
        }
        return node;
    }

    /** The node at {@code key} below this one, if a source mentions it. */
    @Nullable
    ConfigNode find(String key) {
        ConfigNode node = this;
        for (String segment : segments(key)) {
            node = node.children.get(segment);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /** Splits at the dots; a key with an empty part, such as {@code a..b}, is left whole. */
    static List<String> segments(String key) {
        if (key.indexOf('.') < 0) {
            return List.of(key);
        }
        List<String> parts = List.of(key.split("\\.", -1));
        return parts.contains("") ? List.of(key) : parts;
    }

    /**
     * Sets the value unless a higher source has.
     *
     * @return the value that the same source had set here before, or null
     */
    @Nullable
    Value put(Value next, int nextRank) {
        Value twice = nextRank == rank ? value : null;
        if (nextRank >= rank) {
            value = next;
            rank = nextRank;
        }
        return twice;
    }

    /** Notes that a file wrote the path up to here as a key of its own. */
    void markWholeKey() {
        wholeKey = true;
    }

    boolean isWholeKey() {
        return wholeKey;
    }

    @Nullable
    Value value() {
        return value;
    }

    Map<String, ConfigNode> children() {
        return children;
    }

    /** Where the value was written, or else where the key was first mentioned. */
    Origin origin() {
        return value == null ? firstSeen : value.origin();
    }

    /** Whether nothing but perhaps a null was written here and below. */
    boolean isAbsent() {
        return children.isEmpty() && (value == null || value instanceof Nothing);
    }

    boolean hasContent() {
        return value instanceof Text || value instanceof Items;
    }

    Role role() {
        return role;
    }

    /** This is a section with {@code allowed} keys; several that share a prefix add up. */
    void section(Collection<String> allowed) {
        role = Role.SECTION;
        if (keys.isEmpty()) {
            keys = allowed;
        } else {
            List<String> all = new java.util.ArrayList<>(keys);
            all.addAll(allowed);
            keys = all;
        }
    }

    /** This and all below it has been read. */
    void taken() {
        role = Role.TAKEN;
    }

    Collection<String> keys() {
        return keys;
    }
}
