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
 * @param rejected how much of the push it rejected, as it says
 */
record Delivery(Outcome outcome, String detail, Duration retryAfter, boolean isThrottled, long rejected) {
    static final Delivery DONE = new Delivery(Outcome.SUCCESS, "");

    Delivery(Outcome outcome, String detail) {
        this(outcome, detail, Duration.ZERO, false, 0);
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

    static Delivery partial(String detail, long rejected) {
        return new Delivery(Outcome.PARTIAL, detail, Duration.ZERO, false, rejected);
    }

    boolean isSuccess() {
        return outcome == Outcome.SUCCESS;
    }

    /** Returns whether the collector accepted the push or a part of it, so that it must not be repeated. */
    boolean isDelivered() {
        return outcome == Outcome.SUCCESS || outcome == Outcome.PARTIAL;
    }

    /** Returns how much was rejected of a push of that size. */
    long rejected(int size) {
        return Math.clamp(rejected, 0, size);
    }

    /** Returns whether the same push may succeed later. */
    boolean isRepeatable() {
        return isThrottled || outcome == Outcome.TIMEOUT || outcome == Outcome.UNREACHABLE;
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? outcome.label() : outcome.label() + ", " + detail;
    }
}
