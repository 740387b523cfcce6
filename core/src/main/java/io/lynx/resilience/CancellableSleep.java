package io.lynx.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.time.Sleeper;
import java.time.Duration;

/**
 * A wait on the calling thread that ends early if the request is cancelled. The thread is interrupted for that, while it waits and
 * not later: the end of the wait takes the same lock, and clears the flag.
 */
final class CancellableSleep {
    private final Thread thread = Thread.currentThread();

    @GuardedBy("this")
    private boolean isOver;

    @GuardedBy("this")
    private boolean isWoken;

    private CancellableSleep() {}

    /** Waits for {@code duration}, or until the request is cancelled; returns whether the whole time has passed. */
    static boolean sleep(Sleeper sleeper, Duration duration) throws InterruptedException {
        CancellableSleep sleep = new CancellableSleep();
        try (Registration _ = RequestContext.current().onCancel(sleep::wake)) {
            sleeper.sleep(duration);
            return !sleep.end();
        } catch (InterruptedException interrupted) {
            if (!sleep.end()) {
                throw interrupted;
            }
            return false;
        } finally {
            boolean _ = sleep.end();
        }
    }

    private synchronized void wake() {
        if (!isOver) {
            isWoken = true;
            thread.interrupt();
        }
    }

    /** Ends the wait; returns whether it was ended early. */
    private synchronized boolean end() {
        if (isWoken && !isOver) {
            boolean _ = Thread.interrupted();
        }
        isOver = true;
        return isWoken;
    }
}
