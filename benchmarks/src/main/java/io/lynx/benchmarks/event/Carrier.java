package io.lynx.benchmarks.event;

import java.util.function.Consumer;

/** A transport of payloads from producers to one consumer, in a benchmark. */
interface Carrier extends AutoCloseable {
    /** Passes one payload on; a bounded carrier waits while it is full. */
    void publish(Parcel parcel);

    @Override
    void close() throws Exception;

    /** A payload with the number of its producer. */
    record Parcel(int producer) {}

    /** Returns the carrier of that name, which delivers to that consumer. */
    static Carrier of(String name, Consumer<Parcel> consumer) throws Exception {
        return switch (name) {
            case "lynx" -> new LynxCarrier(consumer, false);
            case "lynxObserved" -> new LynxCarrier(consumer, true);
            case "guava" -> GuavaCarrier.direct(consumer);
            case "guavaAsync" -> GuavaCarrier.async(consumer);
            case "vertx" -> new VertxCarrier(consumer);
            case "submission" -> new SubmissionCarrier(consumer, false);
            case "submissionStamped" -> new SubmissionCarrier(consumer, true);
            case "disruptor" -> new DisruptorCarrier(consumer);
            case "jctools" -> new JctoolsCarrier(consumer, false);
            case "jctoolsFresh" -> new JctoolsCarrier(consumer, true);
            default -> throw new IllegalArgumentException("carrier: " + name);
        };
    }
}
