package io.lynx.event;

import java.time.Duration;

/** A component is being brought back, or is given up. */
public sealed interface RecoveryEvent extends FrameworkEvent {
    /** A strategy begins. */
    record Started(String component, String errorType, String strategy) implements RecoveryEvent {}

    /** A strategy has ended; {@code outcome} is the name of the outcome, such as {@code RECOVERED}. */
    record Finished(String component, String errorType, String strategy, String outcome, Duration took)
            implements RecoveryEvent {}

    /** The component has used up its restarts and is left alone until somebody resets it. */
    record Parked(String component, int restarts, String reason) implements RecoveryEvent {}

    /** Somebody has reset a parked component. */
    record Reset(String component) implements RecoveryEvent {}
}
