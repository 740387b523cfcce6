package io.lynx.opentelemetry;

import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the spans of an application and pushes them, from a start of the plugin to its stop. Thread-safe. */
final class TraceRecording {
    private static final Logger log = LoggerFactory.getLogger(TraceRecording.class);

    private final SdkTracerProvider provider;
    private final SpanPush push;
    private final Registration framework;

    private TraceRecording(SdkTracerProvider provider, SpanPush push, Registration framework) {
        this.provider = provider;
        this.push = push;
        this.framework = framework;
    }

    static TraceRecording start(PluginContext context, TraceSettings settings, Resource resource) {
        MetricRegistry registry = context.metrics().registry();
        SpanQueue queue =
                new SpanQueue(settings.queueSize(), registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "queue_full"));
        OtlpEndpoint<EndedSpan> endpoint =
                context.own(OtlpEndpoint.spans(settings.target(), resource, context.threads()));
        SpanPush push = new SpanPush(queue, endpoint, settings, context.ticker(), context.scheduler(), registry);
        SdkTracerProvider provider = context.own(SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(settings.sampler())
                .addSpanProcessor(queue)
                .build());
        Registration framework = context.findResource(Tracing.KEY)
                .map(tracing -> context.own(
                        tracing.install(new SpanTracer(settings.sampler(), Clock.getDefault(), queue::add))))
                .orElse(Registration.NONE);
        log.atInfo()
                .addKeyValue("endpoint", settings.target().address())
                .addKeyValue("sampler", settings.sampling())
                .log("Spans are pushed to {}", settings.target().address());
        return new TraceRecording(provider, push, framework);
    }

    /** Returns the tracers for the code of users. */
    TracerProvider tracers() {
        return new RequestTracers(provider);
    }

    /** Ends the recording of the framework's spans and pushes what is left, by the deadline. */
    void finish(Deadline deadline) throws InterruptedException {
        framework.close();
        push.finish(deadline);
    }
}
