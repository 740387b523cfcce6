package io.lynx.app.reload;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigurationException;
import io.lynx.config.FileContents;
import io.lynx.extension.Notifier;
import io.lynx.extension.UserCode;
import io.lynx.time.Scheduler;
import io.lynx.time.Scheduler.Scheduled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of the configuration at an interval and reloads it when their content differs from what was read
 * last. A change counts when two reads in a row find the same content, since a file that is being written may be
 * incomplete and valid at the same time. A refused content is not tried again until it changes. Thread-safe.
 */
public final class ConfigWatch {
    private final Scheduler scheduler;
    private final Notifier<ConfigEvent> notifier;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable Watched watched;

    @GuardedBy("lock")
    private Duration interval = Duration.ZERO;

    @GuardedBy("lock")
    private @Nullable Scheduled next;

    /** Counts the changes of the interval: a read that began before a change does not schedule the next one. */
    @GuardedBy("lock")
    private int changes;

    @GuardedBy("lock")
    private boolean stopped;

    @GuardedBy("lock")
    private FileContents seen = FileContents.NONE;

    /** Files that were missing at the last read and have been reported. */
    @GuardedBy("lock")
    private List<Path> missing = List.of();

    /** The watched content, and the action for a change. */
    private record Watched(Supplier<FileContents> tried, Runnable reload) {}

    /**
     * Creates a watch that is not active yet.
     *
     * @param notifier receives why a reload was postponed
     */
    public ConfigWatch(Scheduler scheduler, Notifier<ConfigEvent> notifier) {
        this.scheduler = scheduler;
        this.notifier = notifier;
    }

    /**
     * Begins to watch.
     *
     * @param tried returns the contents of the files when they were last read, accepted or not
     * @param reload reloads the configuration
     * @param first the interval; zero for none until {@link #every}
     */
    public void begin(Supplier<FileContents> tried, Runnable reload, Duration first) {
        synchronized (lock) {
            watched = new Watched(tried, reload);
            every(first);
        }
    }

    /** Changes the interval; zero ends the watch until the next change. */
    public void every(Duration changed) {
        synchronized (lock) {
            interval = changed;
            changes++;
            if (next != null) {
                boolean _ = next.cancel();
            }
            schedule();
        }
    }

    /** Ends the watch permanently. */
    public void stop() {
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
            // The reload has published it.
        } catch (IllegalStateException notNow) {
            notifier.publish(new ConfigEvent.Postponed(notNow));
        } catch (Throwable failed) {
            UserCode.rethrowIfFatal(failed);
            notifier.publish(new ConfigEvent.Postponed(failed));
        } finally {
            synchronized (lock) {
                if (changes == since) {
                    schedule();
                }
            }
        }
    }

    /** Returns whether the files differ from {@code tried} and were the same at the previous read. */
    private boolean hasSettled(FileContents tried) {
        FileContents now = tried.now();
        List<Path> lost;
        boolean isNews;
        synchronized (lock) {
            boolean isSame = now.equals(seen);
            seen = now;
            if (!isSame || now.equals(tried)) {
                missing = List.of();
                return false;
            }
            lost = now.missingSince(tried);
            if (lost.isEmpty()) {
                return true;
            }
            isNews = !lost.equals(missing);
            missing = lost;
        }
        if (isNews) {
            notifier.publish(new ConfigEvent.Refused(
                    lost.stream()
                            .map(file ->
                                    "configuration file: '" + file + "' does not exist any more; the values in force"
                                            + " stay, restore it or restart without it")
                            .toList(),
                    null));
        }
        return false;
    }
}
