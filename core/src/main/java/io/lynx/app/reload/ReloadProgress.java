package io.lynx.app.reload;

import io.lynx.config.ConfigSection;
import io.lynx.extension.watch.PeriodicTask;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the reload in progress does. Descriptors, configuration records and those that receive a changed section are user code, which
 * may hang and cannot be abandoned between two sections. A reload that does not return is therefore named in the log once a minute,
 * and to each caller that it keeps from another one. Thread-safe; {@link #begin}, {@link #applying}, {@link #publishing} and
 * {@link #end} are called by the reloading thread.
 */
public final class ReloadProgress {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadProgress.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FRAMES = 12;

    private final Ticker ticker;
    private final Supplier<String> reading;
    private final PeriodicTask alarm;
    private volatile @Nullable Running running;

    /**
     * A reload in progress. Immutable.
     *
     * @param step what it does after the configuration was read; null until then
     */
    private record Running(
            Thread thread, long beganAt, @Nullable String step) {
        Running at(String next) {
            return new Running(thread, beganAt, next);
        }

        List<String> stack() {
            return Arrays.stream(thread.getStackTrace())
                    .limit(FRAMES)
                    .map(StackTraceElement::toString)
                    .toList();
        }
    }

    /**
     * Creates it; nothing is in progress.
     *
     * @param reading returns what the code that reads the configuration does, such as {@code calling descriptor() of plugin} and a
     *     class
     */
    public ReloadProgress(Scheduler scheduler, Ticker ticker, Supplier<String> reading) {
        this.ticker = ticker;
        this.reading = reading;
        this.alarm = new PeriodicTask("watch of reloads", scheduler, this::warn);
    }

    /** Begins a reload by the current thread, with the reading of the configuration. */
    void begin() {
        running = new Running(Thread.currentThread(), ticker.nanos(), null);
        alarm.start(PATIENCE);
    }

    /** Continues with the change of a section. */
    void applying(ConfigSection<?> section) {
        step("applying the section " + section.prefix() + " (" + section.type().getName() + ")");
    }

    /** Continues with the report to all that listen to the configuration. */
    void publishing() {
        step("publishing its result");
    }

    private void step(String next) {
        Running now = running;
        if (now != null) {
            running = now.at(next);
        }
    }

    /** Ends the reload. */
    void end() {
        running = null;
        alarm.stop();
    }

    /** Returns for how long a reload has been in progress, what it does and where; empty if there is none. */
    String describe() {
        Running now = running;
        if (now == null) {
            return "";
        }
        return " for " + elapsed(now).toMillis() + " ms while " + step(now) + ", at "
                + now.stack().stream().collect(Collectors.joining(" < "));
    }

    private void warn() {
        Running now = running;
        if (now != null) {
            LOG.atWarn()
                    .addKeyValue("thread", now.thread().getName())
                    .addKeyValue("stack", now.stack())
                    .log(
                            "Reload of the configuration has not returned for {} s while {}; every other reload is"
                                    + " refused until it does",
                            elapsed(now).toSeconds(),
                            step(now));
        }
    }

    private Duration elapsed(Running now) {
        return Duration.ofNanos(ticker.nanos() - now.beganAt());
    }

    private String step(Running now) {
        String step = now.step();
        return step == null ? reading.get() : step;
    }
}
