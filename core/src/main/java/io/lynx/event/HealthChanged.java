package io.lynx.event;

import org.jspecify.annotations.Nullable;

/**
 * A health check, or the application as a whole, has another status than before.
 *
 * @param check the name of the check; {@code application} for the whole
 * @param plugin the plugin it belongs to; empty for the whole
 * @param from the name of the status before, such as {@code UP}
 * @param to the name of the status now
 * @param error what is wrong now; null if nothing is
 */
public record HealthChanged(
        String check,
        String plugin,
        String from,
        String to,
        @Nullable String error) implements FrameworkEvent {}
