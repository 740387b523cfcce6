package io.lynx.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryPoolAllocationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmNativeMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.jspecify.annotations.Nullable;

/**
 * The {@code jvm_} and {@code process_} metrics of the Prometheus library in the scrape of an application. Thread-safe.
 *
 * <p>They are made at the first scrape, so that a start does not wait for them. Two applications of one JVM show the same
 * values, each in its own scrape, and neither holds the other. What stays when one is closed is a listener of the garbage
 * collectors that counts what memory pools allocate: the library cannot take it away, and it holds nothing but that count.
 */
public final class JvmInstruments {
    private JvmInstruments() {}

    /**
     * Shows them in {@code registry} from its next scrape on.
     *
     * @return stops that
     */
    public static Runnable register(MetricRegistry registry) {
        return registry.collector("jvm", new Lazy());
    }

    /** Asked by one thread at a time, though not by the same one. */
    private static final class Lazy implements MultiCollector {
        private volatile @Nullable PrometheusRegistry instruments;

        @Override
        public MetricSnapshots collect() {
            PrometheusRegistry made = instruments;
            if (made == null) {
                made = make();
                instruments = made;
            }
            return made.scrape();
        }

        /** One by one: the library's own way to register all of them keeps the registry for ever. */
        private static PrometheusRegistry make() {
            PrometheusRegistry made = new PrometheusRegistry();
            JvmThreadsMetrics.builder().register(made);
            JvmBufferPoolMetrics.builder().register(made);
            JvmClassLoadingMetrics.builder().register(made);
            JvmCompilationMetrics.builder().register(made);
            JvmGarbageCollectorMetrics.builder().register(made);
            JvmMemoryMetrics.builder().register(made);
            JvmMemoryPoolAllocationMetrics.builder().register(made);
            JvmNativeMemoryMetrics.builder().register(made);
            JvmRuntimeInfoMetric.builder().register(made);
            ProcessMetrics.builder().register(made);
            return made;
        }
    }
}
