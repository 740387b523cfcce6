package io.lynx.config;

import io.lynx.config.RecordSchema.Kind;
import io.lynx.config.RecordSchema.Nested;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Finds the names that users chose as keys of a map. Stateless. */
final class ChosenNames {
    private ChosenNames() {}

    /** Finds where the chosen names end. They may contain dots, as the names of loggers and the ids of plugins do. */
    static void collect(String prefix, ConfigNode node, Kind element, Map<String, ConfigNode> entries) {
        for (Map.Entry<String, ConfigNode> entry : node.children().entrySet()) {
            ConfigNode child = entry.getValue();
            String name = prefix + entry.getKey();
            child.taken();
            if (element instanceof Nested nested) {
                collectSections(name, child, nested, entries);
            } else {
                if (child.hasContent()) {
                    ConfigNode only = new ConfigNode(child.origin());
                    only.put(Objects.requireNonNull(child.value()), 0);
                    entries.put(name, only);
                }
                collect(name + ".", child, element, entries);
            }
        }
    }

    /**
     * Collects names of sections. A name may be the beginning of another, as {@code orders} is of {@code
     * orders.database}.
     */
    private static void collectSections(String name, ConfigNode node, Nested element, Map<String, ConfigNode> entries) {
        if (!node.isWholeKey() && !node.children().isEmpty() && !hasKeyOf(element.schema(), node)) {
            collect(name + ".", node, element, entries);
            return;
        }
        Map<String, ConfigNode> further = new LinkedHashMap<>();
        node.children().forEach((key, child) -> {
            if (!element.schema().hasKey(key) && !child.hasContent() && leadsToKeyOf(element.schema(), child)) {
                further.put(key, child);
            }
        });
        if (further.isEmpty() || further.size() < node.children().size()) {
            entries.put(name, node);
        }
        further.forEach((key, child) -> {
            child.taken();
            collectSections(name + "." + key, child, element, entries);
        });
    }

    private static boolean leadsToKeyOf(RecordSchema schema, ConfigNode node) {
        for (Map.Entry<String, ConfigNode> child : node.children().entrySet()) {
            if (schema.hasKey(child.getKey()) || leadsToKeyOf(schema, child.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasKeyOf(RecordSchema schema, ConfigNode node) {
        for (Map.Entry<String, ConfigNode> child : node.children().entrySet()) {
            if (schema.hasKey(child.getKey()) || child.getValue().hasContent()) {
                return true;
            }
        }
        return false;
    }
}
