package io.lynx.opentelemetry;

import java.time.Duration;
import java.util.Locale;

/**
 * The result of a push. Immutable.
 *
 * @param outcome in one word
 * @param detail the failure in one line; empty if there was none
 * @param retryAfter the time for which the collector wants no further push; zero if it did not set one
 * @param isThrottled whether it refused for a reason that passes, such as its load
 */
record Delivery(Outcome outcome, String detail, Duration retryAfter, boolean isThrottled) {
    static final Delivery DONE = new Delivery(Outcome.SUCCESS, "");

    Delivery(Outcome outcome, String detail) {
        this(outcome, detail, Duration.ZERO, false);
    }

    /** The possible results. */
    enum Outcome {
        /** The collector accepted everything. */
        SUCCESS,
        /** The collector accepted a part. */
        PARTIAL,
        /** The collector answered and refused it. */
        REFUSED,
        /** The metrics were not collected, or the collector did not answer, in time. */
        TIMEOUT,
        /** The collector could not be reached. */
        UNREACHABLE,
        /** It could not be sent, or the shutdown cut it short. */
        FAILED;

        /** Returns the label of the metric. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean isSuccess() {
        return outcome == Outcome.SUCCESS;
    }

    /** Returns whether the same push may succeed later, so that spans are worth keeping. */
    boolean isRepeatable() {
        return isThrottled || outcome == Outcome.TIMEOUT || outcome == Outcome.UNREACHABLE;
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? outcome.label() : outcome.label() + ", " + detail;
    }
}
