package io.lynx.http.client.engine.balance;

import io.lynx.context.Tracing;
import io.lynx.http.client.engine.pool.ParkedThread;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The clocks and threads of a client. Immutable and thread-safe.
 *
 * @param scheduler runs short tasks that end waits
 * @param threads makes virtual threads
 * @param tracing where the spans of calls go; null for nowhere
 */
public record ClientRuntime(
        Ticker ticker,
        InstantSource clock,
        Scheduler scheduler,
        ThreadFactory threads,
        @Nullable Tracing tracing) {
    /** Waits on the calling thread. */
    public void sleep(Duration duration) throws InterruptedException {
        boolean _ = new ParkedThread(scheduler).await(() -> false, Deadline.after(duration, ticker));
    }
}
