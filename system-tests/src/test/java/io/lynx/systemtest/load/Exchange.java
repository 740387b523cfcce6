package io.lynx.systemtest.load;

/** One way to send a request. Thread-safe: requests overlap. */
public interface Exchange extends AutoCloseable {
    /** Sends one request and waits for what becomes of it; bounded by the exchange's own time limit. */
    Outcome send() throws InterruptedException;

    /** How many times a request went to another connection or target because that was provably safe. */
    long safeRetries();

    @Override
    void close();
}
