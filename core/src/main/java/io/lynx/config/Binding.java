package io.lynx.config;

import io.lynx.config.Found.Effective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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
}
