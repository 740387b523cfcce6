package io.lynx.metrics;

import io.lynx.extension.UserCode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is missing from scrapes, by the source that failed, and logs the first failure of each source. Thread-safe. */
final class ScrapeErrors {
    private static final Logger log = LoggerFactory.getLogger(MetricRegistry.class);

    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** Returns the count of a source. */
    LongAdder of(String source) {
        return counts.computeIfAbsent(source, _ -> new LongAdder());
    }

    /** Counts a failure; a fatal error of the virtual machine is thrown on. */
    void add(String source, Throwable failure) {
        UserCode.rethrowIfFatal(failure);
        LongAdder count = of(source);
        boolean isFirst = count.sum() == 0;
        count.increment();
        if (isFirst) {
            log.atWarn()
                    .addKeyValue("source", source)
                    .setCause(UserCode.loggable(failure))
                    .log("Metrics of '{}' are missing from a scrape; logged once for each source", source);
        }
    }

    /** Adds the counts to a scrape. */
    void addTo(MetricSource.Samples out) {
        counts.forEach((source, count) -> out.add(Catalogue.COLLECTOR_ERRORS, (double) count.sum(), source));
    }
}
