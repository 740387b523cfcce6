package io.lynx.http.client.engine;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * The clocks and threads of a client. Immutable and thread-safe.
 *
 * @param scheduler runs short tasks that end waits
 * @param threads makes virtual threads
 */
public record ClientRuntime(Ticker ticker, Scheduler scheduler, ThreadFactory threads) {
    /** Waits on the calling thread. */
    public void sleep(Duration duration) throws InterruptedException {
        boolean _ = new ParkedThread(scheduler).await(() -> false, Deadline.after(duration, ticker));
    }
}
