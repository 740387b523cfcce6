package io.lynx.app;

import io.lynx.metrics.MetricSource;
import io.lynx.metrics.Samples;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmNativeMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Registers the library's {@code jvm_*} and {@code process_*} at the first scrape, which shows them already: they load
 * many classes. Left out is the allocation by memory pools, whose listener would stay in the JVM when the application is
 * long gone. Asked by one thread at a time.
 */
final class JvmSource implements MetricSource {
    private final PrometheusRegistry registry;
    private boolean isRegistered;

    JvmSource(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void collect(Samples out) {
        if (!isRegistered) {
            isRegistered = true;
            JvmBufferPoolMetrics.builder().register(registry);
            JvmClassLoadingMetrics.builder().register(registry);
            JvmCompilationMetrics.builder().register(registry);
            JvmGarbageCollectorMetrics.builder().register(registry);
            JvmMemoryMetrics.builder().register(registry);
            JvmNativeMemoryMetrics.builder().register(registry);
            JvmRuntimeInfoMetric.builder().register(registry);
            JvmThreadsMetrics.builder().register(registry);
            ProcessMetrics.builder().register(registry);
        }
    }
}
