package io.lynx.kafka;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import java.net.InetSocketAddress;

/** The spans of sends to one Kafka. Thread-safe. */
final class SendSpans {
    private final Tracing tracing;
    private final KafkaConfig config;

    SendSpans(Tracing tracing, KafkaConfig config) {
        this.tracing = tracing;
        this.config = config;
    }

    /** Begins the span of a send to a topic, named without the prefix; there is none outside of a trace. */
    Span begin(String topic, RequestContext request) {
        if (!tracing.isInSpan(request)) {
            return Span.NONE;
        }
        Span span = tracing.begin(SpanKind.PRODUCER, "send " + topic, request);
        if (span.isTraced()) {
            span.attribute("messaging.system", "kafka");
            span.attribute("messaging.operation.type", "send");
            span.attribute("messaging.operation.name", "send");
            span.attribute("messaging.destination.name", topic);
            InetSocketAddress server = KafkaConfig.parse(config.servers().getFirst());
            span.attribute("server.address", server.getHostString());
            span.attribute("server.port", server.getPort());
        }
        return span;
    }
}
