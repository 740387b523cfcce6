package io.lynx.benchmarks.event;

import java.util.function.Consumer;

/** Something that takes payloads from producers to one consumer, in a benchmark. */
interface Carrier extends AutoCloseable {
    /** Takes one payload on its way; waits while there is no room, if the carrier is bounded. */
    void publish(Parcel parcel);

    @Override
    void close() throws Exception;

    /** A payload that knows its producer. */
    record Parcel(int producer) {}

    /** The carrier of that name, delivering to that consumer. */
    static Carrier of(String name, Consumer<Parcel> consumer) throws Exception {
        return switch (name) {
            case "lynx" -> new LynxCarrier(consumer);
            case "guava" -> GuavaCarrier.direct(consumer);
            case "guavaAsync" -> GuavaCarrier.async(consumer);
            case "vertx" -> new VertxCarrier(consumer);
            case "submission" -> new SubmissionCarrier(consumer);
            case "disruptor" -> new DisruptorCarrier(consumer);
            case "jctools" -> new JctoolsCarrier(consumer, false);
            case "jctoolsFresh" -> new JctoolsCarrier(consumer, true);
            default -> throw new IllegalArgumentException("carrier: " + name);
        };
    }
}
