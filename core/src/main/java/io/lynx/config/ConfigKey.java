package io.lynx.config;

import io.lynx.config.RecordSchema.Component;
import io.lynx.config.RecordSchema.Kind;
import io.lynx.config.RecordSchema.Many;
import io.lynx.config.RecordSchema.Maybe;
import io.lynx.config.RecordSchema.Named;
import io.lynx.config.RecordSchema.Nested;
import io.lynx.config.RecordSchema.Single;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key of a section, described for reference documentation and suggestions. Immutable.
 *
 * @param key in full; a name that the user chooses is {@code <name>}
 * @param type the kind of value, such as {@code duration}, or the allowed words
 * @param defaultText the default as it would be written; empty if there is none
 * @param isRequired whether it must be set
 * @param range the allowed values, such as {@code 1s to 10m}; empty if every value of the type is allowed
 * @param variables the environment variables that set it
 * @param isSecret whether its value is never shown
 * @param doc its meaning
 */
public record ConfigKey(
        String key,
        String type,
        String defaultText,
        boolean isRequired,
        String range,
        List<String> variables,
        boolean isSecret,
        String doc) {
    /** Copies the variables. */
    public ConfigKey {
        variables = List.copyOf(variables);
    }

    /**
     * Returns all keys of a section, in the order of its record.
     *
     * @throws IllegalArgumentException if the record cannot be bound
     */
    public static List<ConfigKey> of(ConfigSection<?> section) {
        List<ConfigKey> keys = new ArrayList<>();
        addAll(section.prefix(), RecordSchema.of(section.type()), keys);
        return keys;
    }

    static void addAll(String prefix, RecordSchema schema, List<ConfigKey> keys) {
        for (Component component : schema.components()) {
            add(prefix + "." + component.key(), component, component.kind(), keys);
        }
    }

    private static void add(String key, Component component, Kind kind, List<ConfigKey> keys) {
        switch (kind) {
            case Nested nested -> addAll(key, nested.schema(), keys);
            case Maybe maybe -> add(key, component, maybe.element(), keys);
            case Named named -> add(key + ".<name>", component, named.element(), keys);
            case Many many when many.element() instanceof Nested nested -> addAll(key + "[]", nested.schema(), keys);
            case Many many -> keys.add(leaf(key, "list of " + type(many.element()), component, false));
            case Single single -> keys.add(leaf(key, type(single), component, isRequired(component)));
        }
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case Single single -> single.scalar().describe();
            case Maybe maybe -> type(maybe.element());
            case Many many -> "list of " + type(many.element());
            case Named _, Nested _ -> "section";
        };
    }

    private static boolean isRequired(Component component) {
        return component.kind() instanceof Single && component.defaultText() == null && !component.isNullable();
    }

    private static ConfigKey leaf(String key, String type, Component component, boolean isRequired) {
        List<String> variables = new ArrayList<>();
        variables.add(variable(key.replace(".<name>", ".<NAME>")));
        if (component.variable() != null) {
            variables.add(component.variable());
        }
        String text = component.defaultText() == null ? "" : component.defaultText();
        return new ConfigKey(
                key,
                type,
                text,
                isRequired,
                allowed(component.range()),
                variables,
                component.isSecret(),
                component.doc());
    }

    /**
     * Returns the environment variable of a key: in upper case, with underscores for everything but letters and digits.
     */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Returns a range in words. */
    static String allowed(@Nullable Range range) {
        if (range == null) {
            return "";
        }
        if (range.max().isEmpty()) {
            return range.min().isEmpty() ? "" : "at least " + range.min();
        }
        return range.min().isEmpty() ? "at most " + range.max() : range.min() + " to " + range.max();
    }
}
