package io.lynx.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key in the merged configuration, with everything below it. Dots always separate levels, so {@code lynx.http.port}
 * on the command line and the nested keys of a file lead to the same node. A node can have a value and children at
 * once: {@code io} and {@code io.lynx} are both loggers. The binder, which knows the types, decides whether that is
 * allowed.
 */
final class ConfigNode {
    /** How the binder used a node; no section contains a node that stays UNKNOWN. */
    enum Role {
        UNKNOWN,
        SECTION,
        TAKEN
    }

    /** The value that a source wrote at a key. */
    sealed interface Value {
        Origin origin();
    }

    /**
     * A scalar.
     *
     * @param isLiteral whether the text is taken as it is: values of the environment, properties and arguments are not
     *     expanded, and lists are written there with commas
     */
    record Text(String text, boolean isLiteral, Origin origin) implements Value {}

    /** A list; each item is the root of a tree of its own. */
    record Items(List<ConfigNode> items, Origin origin) implements Value {}

    /** A null: the key was written without a value. */
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

    /** Returns the node at {@code key} below this one, creating missing nodes. */
    ConfigNode at(String key, Origin origin) {
        ConfigNode node = this;
        for (String segment : segments(key)) {
            node = node.children.computeIfAbsent(segment, absent -> new ConfigNode(origin));
        }
        return node;
    }

    /** Returns the node at {@code key} below this one; null if no source mentions it. */
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

    /** Splits a key at its dots. A key with an empty part, such as {@code a..b}, is not split. */
    static List<String> segments(String key) {
        if (key.indexOf('.') < 0) {
            return List.of(key);
        }
        List<String> parts = List.of(key.split("\\.", -1));
        return parts.contains("") ? List.of(key) : parts;
    }

    /**
     * Sets the value unless a source of higher rank has set one.
     *
     * @return the value that the same source had set before; null if there was none
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

    /** Returns whether this node has neither a value nor children. */
    boolean isBare() {
        return value == null && children.isEmpty();
    }

    /** Removes the values that sources of a rank below {@code limit} set here and below, and the nodes below that are bare then. */
    void clear(int limit) {
        if (rank < limit) {
            value = null;
            rank = -1;
        }
        children.values().removeIf(child -> {
            child.clear(limit);
            return child.isBare();
        });
    }

    /** Removes the bare nodes on the path to {@code key}, from its end upwards. */
    void prune(String key) {
        prune(segments(key));
    }

    private void prune(List<String> path) {
        String first = path.getFirst();
        ConfigNode child = children.get(first);
        if (child != null) {
            if (path.size() > 1) {
                child.prune(path.subList(1, path.size()));
            }
            if (child.isBare()) {
                children.remove(first);
            }
        }
    }

    /** Records that a file wrote the whole path of this node as one key. */
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

    /** Returns the origin of the value, or, without a value, the place where the key was first mentioned. */
    Origin origin() {
        return value == null ? firstSeen : value.origin();
    }

    /** Returns whether no source wrote anything but nulls here and below. */
    boolean isAbsent() {
        return children.isEmpty() && (value == null || value instanceof Nothing);
    }

    boolean hasContent() {
        return value instanceof Text || value instanceof Items;
    }

    Role role() {
        return role;
    }

    /** Marks this node as a section with the {@code allowed} keys. Sections with the same prefix are combined. */
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

    /** Marks this node and everything below it as read. */
    void taken() {
        role = Role.TAKEN;
    }

    Collection<String> keys() {
        return keys;
    }
}
