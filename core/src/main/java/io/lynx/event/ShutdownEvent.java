package io.lynx.event;

import java.time.Duration;

/** The application is on its way down. */
public sealed interface ShutdownEvent extends FrameworkEvent {
    /** The stop has begun; {@code trigger} is what asked for it, such as {@code SIGTERM}. */
    record Requested(String trigger, Duration budget) implements ShutdownEvent {}

    /** A phase of the stop begins; {@code phase} is its name, such as {@code DRAIN}. */
    record PhaseEntered(String phase, Duration remaining) implements ShutdownEvent {}
}
