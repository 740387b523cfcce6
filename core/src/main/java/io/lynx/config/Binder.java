package io.lynx.config;

import io.lynx.config.ConfigNode.Empty;
import io.lynx.config.ConfigNode.Items;
import io.lynx.config.ConfigNode.Nothing;
import io.lynx.config.ConfigNode.Text;
import io.lynx.config.ConfigNode.Value;
import io.lynx.config.Expansion.Expanded;
import io.lynx.config.RecordSchema.Component;
import io.lynx.config.RecordSchema.Kind;
import io.lynx.config.RecordSchema.Many;
import io.lynx.config.RecordSchema.Maybe;
import io.lynx.config.RecordSchema.Named;
import io.lynx.config.RecordSchema.Nested;
import io.lynx.config.RecordSchema.Single;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Binds nodes to records. It records every problem and every effective value, and marks the nodes that it has read. A
 * value that has a problem is replaced by {@link #INVALID}, and the records that contain it are not created. Not
 * thread-safe.
 */
final class Binder {
    /** Replaces a value whose problem has been recorded. */
    static final Object INVALID = new Object();

    private final Found found;
    private final ValueReader values;

    /**
     * Creates a binder.
     *
     * @param isIncomplete whether a source could not be read, so that a missing key proves nothing
     */
    Binder(Expansion expansion, Found found, boolean isIncomplete) {
        this.found = found;
        this.values = new ValueReader(expansion, found, isIncomplete);
    }

    static boolean isValid(@Nullable Object value) {
        return !INVALID.equals(value);
    }

    /** Returns the record of a section, or {@link #INVALID}. */
    Object record(String key, RecordSchema schema, @Nullable ConfigNode node) {
        int secretsBefore = found.secretCount();
        if (node != null) {
            node.section(schema.keys());
            if (node.value() instanceof Text || node.value() instanceof Items) {
                found.problem(
                        key,
                        shapeOf(node.value(), isSecretAt(key)) + " (" + node.origin() + "); a section with the keys "
                                + String.join(", ", schema.keys()));
                return INVALID;
            }
        }
        List<Component> components = schema.components();
        @Nullable Object[] bound = new Object[components.size()];
        boolean isValid = true;
        for (int i = 0; i < bound.length; i++) {
            Component component = components.get(i);
            ConfigNode child = node == null ? null : node.children().get(component.key());
            bound[i] = value(key + "." + component.key(), component, component.kind(), child);
            isValid &= isValid(bound[i]);
        }
        if (!isValid) {
            return INVALID;
        }
        try {
            return schema.create(bound);
        } catch (IllegalArgumentException refused) {
            Origin origin = node == null ? Origin.DEFAULT : node.origin();
            found.problem(key, found.withoutSecrets("" + refused.getMessage(), secretsBefore) + " (" + origin + ")");
            return INVALID;
        }
    }

    private @Nullable Object value(String key, Component component, Kind kind, @Nullable ConfigNode node) {
        if (node != null && !(kind instanceof Nested) && !(kind instanceof Maybe)) {
            node.taken();
        }
        return switch (kind) {
            case Single single -> values.single(key, component, single.scalar(), node);
            case Many many -> many(key, component, many.element(), node);
            case Named named -> named(key, component, named.element(), node);
            case Nested nested ->
                component.isNullable() && isAbsent(node)
                        ? values.absent(key, component, node)
                        : record(key, nested.schema(), node);
            case Maybe maybe ->
                isAbsent(node)
                        ? optional(values.absent(key, component, node))
                        : optional(value(key, component, maybe.element(), node));
        };
    }

    private static boolean isAbsent(@Nullable ConfigNode node) {
        return node == null || node.isAbsent();
    }

    private static Object optional(@Nullable Object value) {
        return isValid(value) ? Optional.ofNullable(value) : INVALID;
    }

    private Object many(String key, Component component, Kind element, @Nullable ConfigNode node) {
        if (node != null && !node.children().isEmpty()) {
            found.problem(key, "is a section (" + node.origin() + "); a list, such as [a, b]");
            return INVALID;
        }
        Value value = node == null ? null : node.value();
        return switch (value) {
            case Items items -> items(key, component, element, items);
            case Text text -> split(key, component, element, text);
            case Empty empty -> {
                found.problem(key, "is a section (" + empty.origin() + "); a list, such as [a, b]");
                yield INVALID;
            }
            case Nothing nothing -> defaults(key, component, element);
            case null -> defaults(key, component, element);
        };
    }

    private Object items(String key, Component component, Kind element, Items items) {
        List<Object> bound = new ArrayList<>();
        boolean isValid = true;
        int before = found.entryCount();
        for (int i = 0; i < items.items().size(); i++) {
            ConfigNode node = items.items().get(i);
            String itemKey = key + "[" + i + "]";
            Object value = value(itemKey, component.element(), element, node);
            if (value == null) {
                found.problem(itemKey, "left empty (" + node.origin() + "); a value, or no item at all");
                value = INVALID;
            }
            isValid &= isValid(value);
            bound.add(value);
            found.unknownBelow(itemKey, node);
        }
        if (element instanceof Single) {
            found.join(key, component, before, items.origin());
        }
        return isValid ? Collections.unmodifiableList(bound) : INVALID;
    }

    private Object split(String key, Component component, Kind element, Text written) {
        boolean isSecret = component.isSecret() || isSecretAt(key);
        Expanded text = values.expand(key, written, isSecret);
        if (text == null) {
            return INVALID;
        }
        isSecret |= text.isSecret();
        if (!(element instanceof Single single) || !(written.isLiteral() || text.isComposed())) {
            String shown = isSecret ? "the value" : "'" + Masking.mask(text.text()) + "'";
            boolean isSplit =
                    !isSecret && element instanceof Single && text.text().indexOf(',') > 0;
            String example = isSplit ? "[" + String.join(", ", ListText.split(text.text())) + "]" : "[a, b]";
            found.problem(key, shown + " is one value (" + written.origin() + "); a list, such as " + example);
            return INVALID;
        }
        List<String> parts = ListText.parse(text.text());
        if (parts == null) {
            String shown = isSecret ? "the value" : "'" + Masking.mask(text.text()) + "'";
            found.problem(key, shown + " is not a list (" + written.origin() + "); write a,b or [a, b]");
            return INVALID;
        }
        List<Object> bound = new ArrayList<>();
        int before = found.entryCount();
        boolean isValid = true;
        for (String part : parts) {
            String itemKey = key + "[" + bound.size() + "]";
            Object value = values.read(itemKey, component, single.scalar(), part, written.origin(), isSecret);
            isValid &= isValid(value);
            bound.add(value);
        }
        found.join(key, component, before, written.origin());
        return isValid ? List.copyOf(bound) : INVALID;
    }

    private Object defaults(String key, Component component, Kind element) {
        String text = component.defaultText() == null ? "" : component.defaultText();
        found.entry(key, component, text.isEmpty() ? "[]" : text, Origin.DEFAULT, component.isSecret());
        List<Object> bound = new ArrayList<>();
        if (element instanceof Single single) {
            String inner = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
            for (String part : ListText.split(inner)) {
                bound.add(ValueReader.byDefault(key, single.scalar(), part));
            }
        }
        return List.copyOf(bound);
    }

    private Object named(String key, Component component, Kind element, @Nullable ConfigNode node) {
        Map<String, Object> bound = new LinkedHashMap<>();
        if (node == null) {
            return Collections.unmodifiableMap(bound);
        }
        if (node.value() instanceof Text || node.value() instanceof Items) {
            found.problem(
                    key,
                    shapeOf(node.value(), component.isSecret()) + " (" + node.origin()
                            + "); a section whose keys are names of your choice");
            return INVALID;
        }
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        ChosenNames.collect("", node, element, entries);
        boolean isValid = true;
        values.enterNames();
        for (Map.Entry<String, ConfigNode> entry : entries.entrySet()) {
            String entryKey = key + "." + entry.getKey();
            Object value;
            if (element instanceof Nested nested) {
                value = record(entryKey, nested.schema(), entry.getValue());
                found.unknownBelow(entryKey, entry.getValue());
            } else {
                value = value(entryKey, component.element(), element, entry.getValue());
            }
            if (value != null) {
                bound.put(entry.getKey(), value);
                isValid &= isValid(value);
            }
        }
        values.leaveNames();
        return isValid ? Collections.unmodifiableMap(bound) : INVALID;
    }

    private static String shapeOf(@Nullable Value value, boolean isSecret) {
        return switch (value) {
            case Text text when isSecret -> "is one value";
            case Text text -> "'" + Masking.mask(text.text()) + "' is one value";
            case Items items -> "is a list";
            case Nothing nothing -> "is empty";
            case Empty empty -> "is a section";
            case null -> "is missing";
        };
    }

    private static boolean isSecretAt(String key) {
        return Masking.isSecretName(key);
    }
}
