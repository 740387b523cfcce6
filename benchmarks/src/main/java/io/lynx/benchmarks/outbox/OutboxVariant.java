package io.lynx.benchmarks.outbox;

/** A way to publish events in transactions, and to deliver them. Thread-safe. */
interface OutboxVariant extends AutoCloseable {
    /** A payload of the size of a small record. */
    record Placed(String order, long customer, String item, int count) {
        static Placed of(String order) {
            return new Placed(order, 4711, "a lamp of brass, for reading late at night", 1);
        }
    }

    /** Writes {@code count} events in one transaction, whose keys begin with {@code order}. */
    void publish(String order, int count) throws Exception;

    /** Returns how many events have been delivered since the start. */
    long delivered();

    @Override
    void close() throws Exception;
}
