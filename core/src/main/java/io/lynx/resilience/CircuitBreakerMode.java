package io.lynx.resilience;

import java.util.Locale;

/** Who decides about a circuit breaker's state: the calls, or an operator. */
public enum CircuitBreakerMode {
    /** Results and time move it. */
    AUTOMATIC,
    /** Rejects all until told otherwise. */
    FORCED_OPEN,
    /** Admits all and counts nothing. */
    DISABLED,
    /** Admits all, counts, and never opens. */
    METRICS_ONLY;

    /** The name in metrics and JSON, such as {@code forced_open}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
