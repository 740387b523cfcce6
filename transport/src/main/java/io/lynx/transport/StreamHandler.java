package io.lynx.transport;

import java.time.Duration;

/**
 * A protocol on a listener. Its methods are called on several event loops at the same time, so it must be thread-safe; they return
 * at once. A request whose protocol throws is cut off.
 */
public interface StreamHandler {
    /**
     * Returns whether this protocol serves requests with that head, by its content type or its offer to upgrade for example.
     * Each stream goes to the first protocol of a listener that accepts it.
     */
    boolean accepts(Head head);

    /** Serves {@code stream}. */
    void handle(Stream stream);

    /**
     * Returns how much time may pass between two {@linkplain StreamListener#check checks} of a stream's time limits. A listener
     * that protocols are registered with calls it when one is registered.
     */
    default Duration checkInterval() {
        return Duration.ofSeconds(1);
    }

    /** Returns the interval that keeps time limits to a tenth, within 5 ms and 1 s; a limit of zero does not count. */
    static Duration checkInterval(Duration... limits) {
        long shortest = Duration.ofSeconds(10).toMillis();
        for (Duration limit : limits) {
            if (!limit.isZero()) {
                shortest = Math.min(shortest, limit.toMillis());
            }
        }
        return Duration.ofMillis(Math.clamp(shortest / 10, 5, 1000));
    }
}
