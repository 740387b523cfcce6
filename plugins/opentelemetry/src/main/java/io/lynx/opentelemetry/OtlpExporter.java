package io.lynx.opentelemetry;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An exporter of the SDK, which writes messages and passes them to the sender of its {@link OtlpEndpoint}. One thread at a time uses it.
 *
 * @param <T> what it exports: metrics or spans
 */
interface OtlpExporter<T> {
    /** Makes an exporter with the sender that {@code loader} finds. */
    interface Factory<T> {
        OtlpExporter<T> create(OtlpTarget target, ComponentLoader loader);
    }

    /** Returns the parts of the message that the exporter does not write. */
    List<ProtobufBuffer> head(Collection<T> items);

    /** Writes the rest of the message, and calls the sender although that may be empty. */
    CompletableResultCode export(Collection<T> items);

    CompletableResultCode shutdown();

    static OtlpExporter<MetricData> metrics(OtlpTarget target, ComponentLoader loader) {
        var builder = OtlpHttpMetricExporter.builder()
                .setEndpoint(target.address().toString())
                .setTimeout(target.timeout())
                .setMeterProvider(MeterProvider.noop())
                .setRetryPolicy(null)
                .setComponentLoader(loader);
        target.headers().forEach(builder::addHeader);
        OtlpHttpMetricExporter made = builder.build();
        return new OtlpExporter<>() {
            @Override
            public List<ProtobufBuffer> head(Collection<MetricData> items) {
                return List.of();
            }

            @Override
            public CompletableResultCode export(Collection<MetricData> items) {
                return made.export(items);
            }

            @Override
            public CompletableResultCode shutdown() {
                return made.shutdown();
            }
        };
    }

    /**
     * Makes an exporter of spans. The SDK writes those of users. The message of the framework's spans comes before that: messages one
     * after the other are a message with the fields of both.
     */
    static Factory<EndedSpan> spans(Resource resource) {
        return (target, loader) -> {
            var builder = OtlpHttpSpanExporter.builder()
                    .setEndpoint(target.address().toString())
                    .setTimeout(target.timeout())
                    .setMeterProvider(MeterProvider.noop())
                    .setRetryPolicy(null)
                    .setComponentLoader(loader);
            target.headers().forEach(builder::addHeader);
            return new SpanExporter(resource, builder.build());
        };
    }

    /** Exports spans of the framework and of users. */
    record SpanExporter(Resource resource, OtlpHttpSpanExporter users) implements OtlpExporter<EndedSpan> {
        @Override
        public List<ProtobufBuffer> head(Collection<EndedSpan> items) {
            List<FrameworkSpan> spans = new ArrayList<>(items.size());
            for (EndedSpan item : items) {
                if (item instanceof FrameworkSpan span) {
                    spans.add(span);
                }
            }
            return SpanMessage.of(resource, spans);
        }

        @Override
        public CompletableResultCode export(Collection<EndedSpan> items) {
            List<SpanData> spans = new ArrayList<>();
            for (EndedSpan item : items) {
                if (item instanceof EndedSpan.User(SpanData data)) {
                    spans.add(data);
                }
            }
            return users.export(spans);
        }

        @Override
        public CompletableResultCode shutdown() {
            return users.shutdown();
        }
    }
}
