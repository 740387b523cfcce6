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
 * <p>They are created at the first scrape, so that a start does not wait for them. Two applications in one JVM expose the
 * same values, each in its own scrape. Allocations by memory pools are left out, as their listener would stay in the JVM
 * after the application has stopped; so is native memory unless the JVM tracks it.
 */
public final class JvmInstruments {
    private JvmInstruments() {}

    /**
     * Exposes them in {@code registry} from its next scrape on.
     *
     * @return removes them
     */
    public static Registration register(MetricRegistry registry) {
        return registry.frameworkCollector("jvm", new Lazy());
    }

    /**
     * Returns whether the JVM tracks its native memory. Only then is it read: the library reads it through the platform's
     * MBean server, which would have to be created with all its diagnostic commands.
     *
     * @param option returns the value of an option of the virtual machine
     */
    static boolean tracksNativeMemory(UnaryOperator<String> option) {
        try {
            return !option.apply("NativeMemoryTracking").equals("off");
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /**
     * Returns the value of an option of the virtual machine.
     *
     * @throws IllegalArgumentException if it has no such option, or does not expose options
     */
    static String option(String name) {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (machine == null) {
            throw new IllegalArgumentException("option " + name + ": this virtual machine does not expose options");
        }
        return machine.getVMOption(name).getValue();
    }

    /** Polled by one thread at a time, though not always by the same one. */
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

        /** Registers them one by one: the library's method for all of them keeps a reference to the registry permanently. */
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
