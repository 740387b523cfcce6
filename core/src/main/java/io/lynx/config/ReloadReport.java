package io.lynx.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading the configuration again. Both lists are ordered by key. Immutable.
 *
 * @param applied the changes that took effect
 * @param restartRequired the changes that have not taken effect yet, those of earlier reloads included
 */
public record ReloadReport(List<Change> applied, List<Change> restartRequired) {
    /**
     * A key whose value differs. Values are as in the effective configuration: secrets are masked, so that those of a
     * changed one look the same.
     *
     * @param key the full key
     * @param before the value that was, or still is, in force; null if there is no such key
     * @param after the value that was read; null if there is no such key any more
     * @param source where {@code after} is from, such as {@code config.yml:12}; null if there is no such key any more
     * @param plugin the id of the plugin that adopts the value at its next start; null if only the application's next
     *     start does, and for changes that were applied
     */
    public record Change(
            String key,
            @Nullable String before,
            @Nullable String after,
            @Nullable String source,
            @Nullable String plugin) {}

    /** Copies the lists. */
    public ReloadReport {
        applied = List.copyOf(applied);
        restartRequired = List.copyOf(restartRequired);
    }

    /** Returns the keys that were applied. */
    public List<String> appliedKeys() {
        return applied.stream().map(Change::key).toList();
    }

    /** Returns the keys that wait for a restart. */
    public List<String> restartRequiredKeys() {
        return restartRequired.stream().map(Change::key).toList();
    }
}
