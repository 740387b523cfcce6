package io.lynx.config;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Found.Effective;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sections bound to their records, with all problems and the source of every value. Immutable. */
public final class Binding {
    private final Map<ConfigSection<?>, Object> records;
    private final List<ConfigProblem> problems;
    private final List<String> warnings;
    private final SortedMap<String, Effective> entries;

    Binding(
            Map<ConfigSection<?>, Object> records,
            List<ConfigProblem> problems,
            List<String> warnings,
            SortedMap<String, Effective> entries) {
        this.records = records;
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
        this.entries = entries;
    }

    /**
     * Returns a record in which every component has its default, as with an empty configuration.
     *
     * @throws ConfigurationException if the record has keys without a default; its message names them
     */
    public static <T extends Record> T defaults(Class<T> type) {
        ConfigSection<T> section = ConfigSection.of(type.getSimpleName(), type);
        return ConfigSources.none().load().bind(section).get(section);
    }

    /** Returns all problems: those of the sources first, then those of keys, ordered by key. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** Returns findings that do not prevent the start but need an operator's attention. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Returns this binding if it has no problems.
     *
     * @throws ConfigurationException with every problem
     */
    public Binding orThrow() {
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return this;
    }

    /**
     * Returns the record of a section.
     *
     * @throws ConfigurationException if the section has a problem; the exception carries all problems of the binding
     * @throws IllegalArgumentException if the section was not bound
     */
    public <T extends Record> T get(ConfigSection<T> section) {
        Object value = records.get(section);
        if (value == null) {
            throw new IllegalArgumentException("section: " + section.prefix() + " as "
                    + section.type().getName() + " is not bound; name it among the sections of bind");
        }
        if (!Binder.isValid(value)) {
            throw new ConfigurationException(problems);
        }
        return section.type().cast(value);
    }

    /** Returns the record of a section; null if the section was not bound or has a problem. */
    public <T extends Record> @Nullable T find(ConfigSection<T> section) {
        Object value = records.get(section);
        return section.type().isInstance(value) ? section.type().cast(value) : null;
    }

    /** Returns the effective configuration, ordered by key, with secrets masked. */
    public List<ConfigEntry> table() {
        List<ConfigEntry> table = new ArrayList<>(entries.size());
        for (Effective effective : entries.values()) {
            table.add(effective.entry());
        }
        return table;
    }

    /**
     * A key whose effective value differs between two bindings.
     *
     * @param key in full
     * @param before its entry in the first; null if there was none
     * @param after its entry in the second; null if there is none
     */
    public record Change(
            String key,
            @Nullable ConfigEntry before,
            @Nullable ConfigEntry after) {}

    /**
     * Returns the differences between this binding and {@code next}, ordered by key. A changed secret is listed without
     * its value.
     */
    public List<Change> changesTo(Binding next) {
        Map<String, Effective> after = new HashMap<>(next.entries);
        List<Change> changes = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(entries.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Effective old = entries.get(key);
            Effective now = after.get(key);
            if (old == null || now == null || !old.text().equals(now.text())) {
                changes.add(new Change(key, old == null ? null : old.entry(), now == null ? null : now.entry()));
            }
        }
        return changes;
    }

    /**
     * Returns this binding with some of the values of {@code next}. Other values that differ keep their value from
     * here. Values that do not differ take their source from {@code next}, and the warnings come from there too. If a
     * record rejects the combination of old and new values, its section stays unchanged.
     *
     * @param next a binding without problems
     * @param keys the keys to adopt, each with everything below it: the {@linkplain ConfigSection#keys keys of a section}, some of
     *     them, or a prefix with every section there
     */
    public Binding adopt(Binding next, Set<String> keys) {
        Map<ConfigSection<?>, Object> mixed = new HashMap<>(records);
        Set<String> adopted = new TreeSet<>();
        records.forEach((section, old) -> {
            Object now = next.records.get(section);
            if (now != null && mentions(keys, section) && Binder.isValid(now) && Binder.isValid(old)) {
                adopt(section, old, now, keys, mixed, adopted);
            }
        });
        TreeMap<String, Effective> lines = new TreeMap<>(entries);
        next.entries.forEach((key, line) -> {
            Effective old = entries.get(key);
            if (isAmong(adopted, key) || (old != null && old.text().equals(line.text()))) {
                lines.put(key, line);
            }
        });
        lines.keySet().removeIf(key -> isAmong(adopted, key) && !next.entries.containsKey(key));
        return new Binding(mixed, problems, next.warnings, lines);
    }

    private static boolean mentions(Set<String> keys, ConfigSection<?> section) {
        String below = section.prefix() + ".";
        return isAmong(keys, section.prefix()) || keys.stream().anyMatch(key -> key.startsWith(below));
    }

    private static void adopt(
            ConfigSection<?> section,
            Object old,
            Object now,
            Set<String> keys,
            Map<ConfigSection<?>, Object> mixed,
            Set<String> adopted) {
        if (isAmong(keys, section.prefix())) {
            mixed.put(section, now);
            adopted.add(section.prefix());
            return;
        }
        RecordSchema schema = RecordSchema.of(section.type());
        RecordComponent[] components = section.type().getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        Set<String> taken = new TreeSet<>();
        for (int i = 0; i < components.length; i++) {
            String key = section.prefix() + "." + schema.components().get(i).key();
            boolean isTaken = isAmong(keys, key);
            values[i] = RecordSchema.value(components[i], isTaken ? now : old);
            if (isTaken) {
                taken.add(key);
            }
        }
        if (taken.size() == components.length) {
            mixed.put(section, now);
            adopted.addAll(taken);
        } else if (!taken.isEmpty()) {
            try {
                mixed.put(section, schema.create(values));
                adopted.addAll(taken);
            } catch (IllegalArgumentException doNotGoTogether) {
                // The section stays unchanged, so its new values are still a difference.
            }
        }
    }

    /** Returns whether {@code key} is one of {@code keys} or below one of them, such as an item of a list. */
    private static boolean isAmong(Set<String> keys, String key) {
        for (int end = key.length();
                end > 0;
                end = Math.max(key.lastIndexOf('.', end - 1), key.lastIndexOf('[', end - 1))) {
            if (keys.contains(key.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
