package io.lynx.opentelemetry;

import java.util.Locale;

/**
 * How a push ended. Immutable.
 *
 * @param outcome in one word
 * @param detail what went wrong, in one line; empty if nothing did
 */
record Delivery(Outcome outcome, String detail) {
    static final Delivery DONE = new Delivery(Outcome.SUCCESS, "");

    /** The ways in which a push ends. */
    enum Outcome {
        /** The collector has it. */
        SUCCESS,
        /** The collector has some of it. */
        PARTIAL,
        /** The collector answered, and would not have it. */
        REFUSED,
        /** There was no answer in time. */
        TIMEOUT,
        /** The collector could not be reached. */
        UNREACHABLE,
        /** It could not be sent, or a stop cut it short. */
        FAILED;

        /** For the metric. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean isSuccess() {
        return outcome == Outcome.SUCCESS;
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? outcome.label() : outcome.label() + ", " + detail;
    }
}
