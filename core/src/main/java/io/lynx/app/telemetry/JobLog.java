package io.lynx.app.telemetry;

import io.lynx.extension.UserCode;
import io.lynx.job.JobOutcome;
import io.lynx.plugin.PluginEvent;
import io.lynx.recovery.Classification;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the runs of jobs, so that one that runs often and fails does not fill the log. The same failure has its stack trace once a minute,
 * and one line at each other run. While an external system is down, it has one line a minute and no stack trace. Thread-safe.
 */
final class JobLog {
    private static final Logger log = LoggerFactory.getLogger("io.lynx");
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    /** The failures of jobs that have failed at their last run, by plugin and job. */
    private final Map<String, Repeated> failures = new ConcurrentHashMap<>();

    /** A failure that was logged in full, and how many lines were left out since. Immutable. */
    private record Repeated(Class<?> type, long loggedAt, int suppressed) {}

    JobLog(Ticker ticker) {
        this.ticker = ticker;
    }

    void finished(PluginEvent.JobFinished finished) {
        String key = finished.plugin().id() + " " + finished.job();
        Throwable failure = finished.failure();
        if (finished.outcome() != JobOutcome.FAILURE || failure == null) {
            if (finished.outcome() == JobOutcome.SUCCESS) {
                failures.remove(key);
            }
            LoggingEventBuilder line = line(Level.DEBUG, finished);
            end(failure == null ? line : line.setCause(UserCode.loggable(failure)), finished);
            return;
        }
        boolean isOutage = Classification.isExternal(failure);
        long now = ticker.nanos();
        Repeated before = failures.get(key);
        if (before != null && before.type() == failure.getClass() && now - before.loggedAt() < INTERVAL) {
            if (isOutage) {
                failures.put(key, new Repeated(before.type(), before.loggedAt(), before.suppressed() + 1));
            } else {
                brief(finished, failure, 0);
            }
            return;
        }
        failures.put(key, new Repeated(failure.getClass(), now, 0));
        if (isOutage) {
            brief(finished, failure, before == null ? 0 : before.suppressed());
        } else {
            end(line(Level.WARN, finished).setCause(UserCode.loggable(failure)), finished);
        }
    }

    private static void brief(PluginEvent.JobFinished finished, Throwable failure, int suppressed) {
        line(Level.WARN, finished)
                .addKeyValue("suppressed", suppressed)
                .log(
                        "Job '{}' ended with {}; it runs again at its next time: {}",
                        finished.job(),
                        finished.outcome(),
                        UserCode.describe(failure));
    }

    private static LoggingEventBuilder line(Level level, PluginEvent.JobFinished finished) {
        return log.atLevel(level)
                .addKeyValue("job", finished.job())
                .addKeyValue("plugin", finished.plugin().id())
                .addKeyValue("ms", ShutdownText.millis(finished.took()));
    }

    private static void end(LoggingEventBuilder line, PluginEvent.JobFinished finished) {
        line.log("Job '{}' ended with {}; it runs again at its next time", finished.job(), finished.outcome());
    }
}
