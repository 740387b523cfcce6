package io.lynx.opentelemetry;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exposes the instruments of OpenTelemetry in the application's scrape. An instrument that cannot be exposed is left
 * out and counted as an error of this source. Thread-safe.
 */
final class ScrapedInstruments implements MultiCollector, MetricSource {
    private static final Logger log = LoggerFactory.getLogger(ScrapedInstruments.class);

    private final InstrumentReader reader;
    private final PrometheusFamilies families;
    private final Resource resource;
    private final LongAdder dropped = new LongAdder();

    /** The snapshots that were exposed and are still in use, compared by identity. */
    private final Set<MetricSnapshot> own = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /**
     * Creates a collector.
     *
     * @param resource describes the application, in {@code target_info}
     */
    ScrapedInstruments(InstrumentReader reader, PrometheusFamilies families, Resource resource) {
        this.reader = reader;
        this.families = families;
        this.resource = resource;
    }

    /** Counts a metric that has no counterpart in the other format. */
    void dropped(RuntimeException why) {
        dropped.increment();
        log.debug("A metric is left out: {}", why.getMessage());
    }

    /**
     * Returns whether {@code shown} comes from this collector. A push leaves it out, since it reads the instruments
     * from {@link InstrumentReader}.
     */
    boolean isOwn(MetricSnapshot shown) {
        return own.contains(shown);
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, List<MetricData>> byName = new LinkedHashMap<>();
        for (MetricData metric : reader.read()) {
            byName.computeIfAbsent(families.name(metric), _ -> new ArrayList<>())
                    .add(metric);
        }
        List<MetricSnapshot> shown = new ArrayList<>(byName.size() + 1);
        shown.add(families.target(resource));
        byName.forEach((name, sameName) -> {
            try {
                shown.add(families.family(name, sameName));
            } catch (IllegalArgumentException impossible) {
                dropped(impossible);
            }
        });
        own.addAll(shown);
        return new MetricSnapshots(shown);
    }

    @Override
    public void collect(Samples out) {
        out.add(Catalogue.COLLECTOR_ERRORS, (double) dropped.sum(), OpenTelemetryPlugin.ID);
    }
}
