package io.lynx.plugin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that a listener is serving, for reports. Immutable.
 *
 * @param route the pattern of its route, such as {@code GET /orders/{id}}; never taken from what the client sent
 * @param age the time since its head was read
 * @param thread the thread that runs its handler; null if none does
 */
public record RequestInFlight(
        String route, Duration age, @Nullable Thread thread) {}
