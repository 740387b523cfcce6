package io.lynx.app.telemetry;

import io.lynx.extension.UserCode;
import io.lynx.job.JobOutcome;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.Classification;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs the runs of jobs. While an external system is down, a job that runs often would fill the log: its failures are then logged once a
 * minute, without a stack trace. All other failures are logged with theirs. Thread-safe.
 */
final class JobLog {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    /** What has been logged of an outage, by plugin and job. */
    private final Map<String, Outage> outages = new ConcurrentHashMap<>();

    /** The last line of a job, and how many were left out since. Immutable. */
    private record Outage(long loggedAt, int suppressed) {}

    JobLog(Ticker ticker) {
        this.ticker = ticker;
    }

    void finished(PluginEvent.JobFinished finished) {
        String key = finished.plugin().id() + " " + finished.job();
        Throwable failure = finished.failure();
        if (finished.outcome() == JobOutcome.SUCCESS) {
            outages.remove(key);
        }
        if (finished.outcome() != JobOutcome.FAILURE || failure == null) {
            log(finished, Level.DEBUG, failure);
        } else if (Classification.isExternal(failure)) {
            outage(key, finished, failure);
        } else {
            log(finished, Level.WARN, failure);
        }
    }

    private static void log(PluginEvent.JobFinished finished, Level level, @Nullable Throwable failure) {
        var line = log.atLevel(level)
                .addKeyValue("job", finished.job())
                .addKeyValue("plugin", finished.plugin().id())
                .addKeyValue("ms", ShutdownText.millis(finished.took()));
        if (failure != null) {
            line = line.setCause(UserCode.loggable(failure));
        }
        line.log("Job '{}' ended with {}; it runs again at its next time", finished.job(), finished.outcome());
    }

    private void outage(String key, PluginEvent.JobFinished finished, Throwable failure) {
        long now = ticker.nanos();
        Outage before = outages.get(key);
        boolean isLogged = before == null || now - before.loggedAt() >= INTERVAL;
        int suppressed = before == null ? 0 : before.suppressed();
        outages.put(key, isLogged ? new Outage(now, 0) : new Outage(before.loggedAt(), suppressed + 1));
        if (isLogged) {
            log.atWarn()
                    .addKeyValue("job", finished.job())
                    .addKeyValue("plugin", finished.plugin().id())
                    .addKeyValue("ms", ShutdownText.millis(finished.took()))
                    .addKeyValue("suppressed", suppressed)
                    .log(
                            "Job '{}' ended with {}; it runs again at its next time: {}",
                            finished.job(),
                            finished.outcome(),
                            UserCode.describe(failure));
        }
    }
}
