package io.lynx.metrics;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.lynx.extension.Registration;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmCompilationMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmNativeMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.management.ManagementFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The {@code jvm_} and {@code process_} metrics of the Prometheus library in the scrape of an application. Thread-safe.
 *
 * <p>They are made at the first scrape, so that a start does not wait for them. Two applications of one JVM show the same
 * values, each in its own scrape, and neither holds the other. Left out are the allocations by memory pools, whose listener
 * would stay in the JVM when the application is long gone, and the native memory unless the JVM tracks it.
 */
public final class JvmInstruments {
    private JvmInstruments() {}

    /**
     * Shows them in {@code registry} from its next scrape on.
     *
     * @return stops that
     */
    public static Registration register(MetricRegistry registry) {
        return registry.frameworkCollector("jvm", new Lazy());
    }

    /**
     * Whether the JVM was told to track its native memory. Only then is it asked for: the library does so by the
     * platform's MBean server, which then has to be made, with all its diagnostic commands.
     *
     * @param option gives the value of an option of the virtual machine
     */
    static boolean tracksNativeMemory(UnaryOperator<String> option) {
        try {
            return !option.apply("NativeMemoryTracking").equals("off");
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /**
     * The value of an option of the virtual machine.
     *
     * @throws IllegalArgumentException if it has no such option, or tells of none
     */
    static String option(String name) {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine == null) {
            throw new IllegalArgumentException("option " + name + ": this virtual machine tells of none");
        }
        return machine.getVMOption(name).getValue();
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
            if (tracksNativeMemory(JvmInstruments::option)) {
                JvmNativeMemoryMetrics.builder().register(made);
            }
            JvmRuntimeInfoMetric.builder().register(made);
            ProcessMetrics.builder().register(made);
            return made;
        }
    }
}
