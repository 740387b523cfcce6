package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import io.lynx.app.LogLevel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts log events by level, as an appender of the root logger. It counts the events that pass the level of their
 * logger, unless a logger between it and the root has {@code additivity="false"}. It stays registered when Logback
 * reads its file again. Thread-safe; takes no lock.
 */
final class LevelCounts extends ContextAwareBase implements Appender<ILoggingEvent>, LoggerContextListener {
    private static final String NAME = "lynx-counts";

    private final LongAdder errors = new LongAdder();
    private final LongAdder warnings = new LongAdder();
    private final LongAdder infos = new LongAdder();
    private final LongAdder debugs = new LongAdder();
    private final LongAdder traces = new LongAdder();

    private LevelCounts() {}

    /** Returns the counts of a context, which the first call creates. */
    static LevelCounts of(LoggerContext context) {
        synchronized (context) {
            for (LoggerContextListener listener : context.getCopyOfListenerList()) {
                if (listener instanceof LevelCounts counts) {
                    return counts;
                }
            }
            LevelCounts counts = new LevelCounts();
            counts.setContext(context);
            context.addListener(counts);
            counts.attach(context);
            return counts;
        }
    }

    private void attach(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this);
    }

    /** Returns the number of events of each level. */
    Map<LogLevel, Long> counts() {
        Map<LogLevel, Long> counts = new EnumMap<>(LogLevel.class);
        counts.put(LogLevel.ERROR, errors.sum());
        counts.put(LogLevel.WARN, warnings.sum());
        counts.put(LogLevel.INFO, infos.sum());
        counts.put(LogLevel.DEBUG, debugs.sum());
        counts.put(LogLevel.TRACE, traces.sum());
        return counts;
    }

    @Override
    public void doAppend(ILoggingEvent event) {
        int level = event.getLevel().toInt();
        LongAdder counter = level >= Level.ERROR_INT
                ? errors
                : level >= Level.WARN_INT
                        ? warnings
                        : level >= Level.INFO_INT ? infos : level >= Level.DEBUG_INT ? debugs : traces;
        counter.increment();
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        attach(context);
    }

    @Override
    public void onStart(LoggerContext context) {}

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public void setName(String name) {
        throw new UnsupportedOperationException(NAME + " has its name already");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public boolean isStarted() {
        return true;
    }

    @Override
    public void addFilter(Filter<ILoggingEvent> filter) {
        throw new UnsupportedOperationException(NAME + " counts everything");
    }

    @Override
    public void clearAllFilters() {}

    @Override
    public List<Filter<ILoggingEvent>> getCopyOfAttachedFiltersList() {
        return List.of();
    }

    @Override
    public FilterReply getFilterChainDecision(ILoggingEvent event) {
        return FilterReply.NEUTRAL;
    }
}
