package io.lynx.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.config.ConfigurationException;
import io.lynx.config.FileContents;
import io.lynx.time.Scheduler;
import io.lynx.time.Scheduler.Scheduled;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the files of the configuration now and then, and has it reloaded when they hold something else than what was
 * read last. A change counts when two looks in a row find the same, as a file that is being written may be cut off where
 * it still makes sense. What was refused is not tried again until it changes. Thread-safe.
 */
final class ConfigWatch {
    private final Scheduler scheduler;
    private final LifecycleLog log;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Watched watched;

    @GuardedBy("lock")
    private Duration interval = Duration.ZERO;

    @GuardedBy("lock")
    private @Nullable Scheduled next;

    /** Counts the changes of the interval: a look that was begun before one does not lead to another. */
    @GuardedBy("lock")
    private int changes;

    @GuardedBy("lock")
    private boolean stopped;

    @GuardedBy("lock")
    private FileContents seen = FileContents.NONE;

    /** What is watched, and what to do when it changes. */
    private record Watched(Supplier<FileContents> tried, Runnable reload) {}

    ConfigWatch(Scheduler scheduler, LifecycleLog log) {
        this.scheduler = scheduler;
        this.log = log;
    }

    /**
     * Begins to watch.
     *
     * @param tried what the files held that were read last, whatever came of it
     * @param reload reads them again; it may throw what {@link Application#reload} throws
     * @param first between two looks; zero for none until {@link #every}
     */
    void begin(Supplier<FileContents> tried, Runnable reload, Duration first) {
        synchronized (lock) {
            watched = new Watched(tried, reload);
            every(first);
        }
    }

    /** Looks that often from now on; never if it is zero. */
    void every(Duration changed) {
        synchronized (lock) {
            interval = changed;
            changes++;
            if (next != null) {
                boolean _ = next.cancel();
            }
            schedule();
        }
    }

    /** Looks no more, whatever is asked for. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            every(Duration.ZERO);
        }
    }

    @GuardedBy("lock")
    private void schedule() {
        Watched what = watched;
        if (what == null || stopped || interval.isZero()) {
            next = null;
            return;
        }
        int now = changes;
        try {
            next = scheduler.after(interval, () -> look(what, now));
        } catch (RejectedExecutionException closed) {
            next = null;
        }
    }

    private void look(Watched what, int since) {
        try {
            if (hasSettled(what.tried.get())) {
                what.reload.run();
            }
        } catch (ConfigurationException refused) {
            // The reload has said so.
        } catch (IllegalStateException notNow) {
            log.reloadPostponed(notNow);
        } catch (RuntimeException failed) {
            log.reloadFailed(failed);
        } finally {
            synchronized (lock) {
                if (changes == since) {
                    schedule();
                }
            }
        }
    }

    /** Whether the files hold something else than {@code tried}, and did so at the look before. */
    private boolean hasSettled(FileContents tried) {
        FileContents now = tried.now();
        synchronized (lock) {
            boolean isSame = now.equals(seen);
            seen = now;
            return isSame && !now.equals(tried);
        }
    }
}
