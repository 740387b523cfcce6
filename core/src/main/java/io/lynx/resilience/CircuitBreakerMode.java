package io.lynx.resilience;

import java.util.Locale;

/** What decides about a circuit breaker's state: its calls, or an operator. */
public enum CircuitBreakerMode {
    /** Results and time decide. */
    AUTOMATIC,
    /** An operator made it reject all calls. */
    FORCED_OPEN,
    /** An operator made it accept all calls and count none. */
    DISABLED,
    /** An operator made it accept and count all calls, and never open. */
    METRICS_ONLY;

    /** Returns the name in metrics and JSON, such as {@code forced_open}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
