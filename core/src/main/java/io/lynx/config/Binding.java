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

/** Sections bound to their records, with everything that is wrong and where every value came from. Immutable. */
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
     * A record with every default, as an empty configuration gives it.
     *
     * @throws ConfigurationException if the record has keys without one; it names them
     */
    public static <T extends Record> T defaults(Class<T> type) {
        ConfigSection<T> section = ConfigSection.of(type.getSimpleName(), type);
        return ConfigSources.none().load().bind(section).get(section);
    }

    /** Everything that is wrong: the sources' own problems first, then those of keys in their order. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** What a person should look at, though the application can run. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * This binding, if nothing is wrong.
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
     * The record of a section.
     *
     * @throws ConfigurationException if the section has a problem; it carries all problems there are
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

    /** The record of a section; null if it was not bound or has a problem. */
    public <T extends Record> @Nullable T find(ConfigSection<T> section) {
        Object value = records.get(section);
        return section.type().isInstance(value) ? section.type().cast(value) : null;
    }

    /** The effective configuration, ordered by key; secrets are masked. */
    public List<ConfigEntry> table() {
        return entries.values().stream().map(Effective::entry).toList();
    }

    /**
     * A key whose effective value differs between two bindings.
     *
     * @param key in full
     * @param before its line in the first; null if it had none
     * @param after its line in the second; null if it has none
     */
    public record Change(
            String key,
            @Nullable ConfigEntry before,
            @Nullable ConfigEntry after) {}

    /** What is different in {@code next}, ordered by key; a changed secret is seen and not shown. */
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
     * This binding with some of the values of {@code next}. What else differs in {@code next} stays as it is here; what
     * does not differ takes its source from there, and so do the warnings. If a record refuses the mixture of old and new
     * values, its section stays as it is.
     *
     * @param next a binding without problems
     * @param keys those to take over, with all below them: whole sections, or components of a section's record
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
        if (!taken.isEmpty()) {
            try {
                mixed.put(section, schema.create(values));
                adopted.addAll(taken);
            } catch (IllegalArgumentException doNotGoTogether) {
                // The section stays as it is, and what it was to become is still a difference.
            }
        }
    }

    /** Whether {@code key} is one of {@code keys} or below one. */
    private static boolean isAmong(Set<String> keys, String key) {
        for (int end = key.length(); end > 0; end = key.lastIndexOf('.', end - 1)) {
            if (keys.contains(key.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
