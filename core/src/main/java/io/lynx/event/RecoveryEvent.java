package io.lynx.event;

import java.time.Duration;

/** A component is being brought back, or is given up. */
public sealed interface RecoveryEvent extends FrameworkEvent {
    /** A recovery begins; {@code severity} is the name of the error's severity, such as {@code HIGH}. */
    record Started(String component, String errorType, String severity) implements RecoveryEvent {}

    /**
     * A strategy of it has ended, or was left behind because it did not; {@code outcome} is {@code recovered},
     * {@code degraded}, {@code failed}, {@code skipped} or {@code abandoned}.
     */
    record StrategyEnded(String component, String errorType, String strategy, String outcome, Duration took)
            implements RecoveryEvent {}

    /** The recovery has ended; {@code result} is the name of the result, such as {@code RECOVERED}. */
    record Ended(String component, String errorType, String result, Duration took) implements RecoveryEvent {}

    /** The component has used up its restarts and is left alone until somebody resets it. */
    record Parked(String component, int restarts, String reason) implements RecoveryEvent {}

    /** Somebody has reset a parked component. */
    record Reset(String component) implements RecoveryEvent {}
}
