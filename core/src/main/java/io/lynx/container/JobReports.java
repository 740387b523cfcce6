package io.lynx.container;

import io.lynx.extension.Notifier;
import io.lynx.job.JobOutcome;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts and publishes how the runs of one plugin's jobs end. Thread-safe. */
final class JobReports implements ScheduledJob.JobListener {
    private final Supplier<PluginStatus> plugin;
    private final MetricRegistry metrics;
    private final InstantSource clock;
    private final Notifier<PluginEvent> notifier;

    JobReports(Supplier<PluginStatus> plugin, PluginServices services) {
        this.plugin = plugin;
        this.metrics = services.metrics().registry();
        this.clock = services.clock();
        this.notifier = services.notifier();
    }

    @Override
    public void ended(String job, JobOutcome outcome, Duration took, @Nullable Throwable failure) {
        metrics.counter(Catalogue.JOB_RUNS, job, outcome.name().toLowerCase(Locale.ROOT))
                .increment();
        metrics.histogram(Catalogue.JOB_DURATION, job).record(took);
        if (outcome == JobOutcome.SUCCESS) {
            metrics.gauge(Catalogue.JOB_LAST_SUCCESS, job).set(clock.instant().toEpochMilli() / 1000.0);
        }
        notifier.publish(new PluginEvent.JobFinished(plugin.get(), job, outcome, took, failure));
    }

    @Override
    public void overdue(String job, Duration allowed, StackTraceElement[] stack) {
        notifier.publish(new PluginEvent.JobOverdue(plugin.get(), job, allowed, List.of(stack)));
    }
}
