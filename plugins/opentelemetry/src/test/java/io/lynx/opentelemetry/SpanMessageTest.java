package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer.TracedSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is written of the framework's spans, as the generated classes of OTLP read it. */
class SpanMessageTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final TraceContext OUTER = new TraceContext(TRACE, PARENT, true, "a=b,c=d");
    private static final Resource RESOURCE = Resource.create(
            Attributes.builder().put("service.name", "shop").put("zone", "ä").build());

    private final List<FrameworkSpan> ended = new ArrayList<>();
    private final SettableClock clock = new SettableClock();
    private final SpanTracer tracer =
            new SpanTracer(Sampler.parentBased(Sampler.alwaysOn()), clock, span -> ended.add((FrameworkSpan) span));

    /** A clock whose time of day is set independently of what has passed. */
    private static final class SettableClock implements Clock {
        private long now = 1_700_000_000_000_000_000L;
        private long nanos = -5;

        @Override
        public long now() {
            return now;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }
    }

    private ExportTraceServiceRequest message() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ProtobufBuffer part : SpanMessage.of(RESOURCE, ended)) {
            part.writeTo(bytes);
        }
        return ExportTraceServiceRequest.parseFrom(bytes.toByteArray());
    }

    private Span only() throws Exception {
        return message().getResourceSpans(0).getScopeSpans(0).getSpans(0);
    }

    private static List<String> texts(List<KeyValue> attributes) {
        return attributes.stream()
                .map(each -> each.getKey() + "="
                        + (each.getValue().hasIntValue()
                                ? each.getValue().getIntValue()
                                : "'" + each.getValue().getStringValue() + "'"))
                .toList();
    }

    @Test
    void describesTheServiceOnceAndTheSpansInOrder() throws Exception {
        for (int i = 0; i < 200; i++) {
            tracer.start(SpanKind.INTERNAL, "span " + i, null, null).end("");
        }

        assertThat(message().getResourceSpansList()).hasSize(1);
        ResourceSpans service = message().getResourceSpans(0);
        assertThat(texts(service.getResource().getAttributesList()))
                .containsExactlyInAnyOrder("service.name='shop'", "zone='ä'");
        ScopeSpans scope = service.getScopeSpans(0);
        assertThat(service.getScopeSpansCount()).isEqualTo(1);
        assertThat(scope.getScope().getName()).isEqualTo("io.lynx");
        assertThat(scope.getSpansList())
                .extracting(Span::getName)
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "span " + i).toList());
        assertThat(scope.getSpansList()).extracting(Span::getTraceId).doesNotHaveDuplicates();
        assertThat(scope.getSpansList()).extracting(Span::getSpanId).doesNotHaveDuplicates();
    }

    @Test
    void writesEachPartOfASpan() throws Exception {
        TracedSpan span = tracer.start(SpanKind.SERVER, "GET /ünits/{id}", OUTER, null);
        for (int i = 0; i < 12; i++) {
            span.attribute("text" + i, "v" + i);
        }
        span.attribute("empty", "");
        span.attribute("least", Long.MIN_VALUE);
        span.attribute("most", Long.MAX_VALUE);
        span.attribute("port", 65535);
        clock.nanos += 1_500;
        span.end("503");

        Span read = only();
        assertThat(hex(read.getTraceId().toByteArray())).isEqualTo(TRACE);
        assertThat(hex(read.getSpanId().toByteArray())).isEqualTo(span.context().spanId());
        assertThat(hex(read.getParentSpanId().toByteArray())).isEqualTo(PARENT);
        assertThat(read.getTraceState())
                .isEqualTo("a=b,c=d")
                .isEqualTo(span.context().state());
        assertThat(read.getName()).isEqualTo("GET /ünits/{id}");
        assertThat(read.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(read.getStartTimeUnixNano()).isEqualTo(1_700_000_000_000_000_000L);
        assertThat(read.getEndTimeUnixNano()).isEqualTo(1_700_000_000_000_001_500L);
        assertThat(texts(read.getAttributesList()))
                .startsWith("text0='v0'", "text1='v1'")
                .endsWith(
                        "text11='v11'",
                        "empty=''",
                        "least=" + Long.MIN_VALUE,
                        "most=" + Long.MAX_VALUE,
                        "port=65535",
                        "error.type='503'")
                .hasSize(17);
        assertThat(read.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(read.getFlags()).isEqualTo(0x301); // sampled, with a parent in another process
    }

    @Test
    void writesNoParentAndNoStatusWhereThereIsNone() throws Exception {
        tracer.start(SpanKind.CLIENT, "GET", null, null).end("");

        Span read = only();
        assertThat(read.getParentSpanId().isEmpty()).isTrue();
        assertThat(read.hasStatus()).isFalse();
        assertThat(read.getAttributesList()).isEmpty();
        assertThat(read.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(read.getFlags()).isEqualTo(0x101);
    }

    @Test
    void writesALink() throws Exception {
        tracer.start(SpanKind.INTERNAL, "handle", null, OUTER).end("");

        Span read = only();
        Span.Link link = read.getLinks(0);
        assertThat(hex(link.getTraceId().toByteArray()))
                .isEqualTo(TRACE)
                .isNotEqualTo(hex(read.getTraceId().toByteArray()));
        assertThat(hex(link.getSpanId().toByteArray())).isEqualTo(PARENT);
        assertThat(link.getTraceState()).isEqualTo("a=b,c=d");
    }

    @Test
    void aClockThatIsSetHasNoEffectOnHowLongASpanTook() throws Exception {
        TracedSpan early = tracer.start(SpanKind.INTERNAL, "early", null, null);
        clock.now -= 3_600_000_000_000L;
        clock.nanos += 10;
        TracedSpan late = tracer.start(SpanKind.INTERNAL, "late", null, null);
        clock.nanos -= 20; // as no clock should, but some do
        late.end("");
        clock.nanos += 30;
        early.end("");

        List<Span> spans = message().getResourceSpans(0).getScopeSpans(0).getSpansList();
        assertThat(spans.get(0).getEndTimeUnixNano()).isEqualTo(spans.get(0).getStartTimeUnixNano());
        assertThat(spans.get(1).getEndTimeUnixNano() - spans.get(1).getStartTimeUnixNano())
                .isEqualTo(20);
    }

    @Test
    void whatComesAfterTheEndHasNoEffect() throws Exception {
        TracedSpan span = tracer.start(SpanKind.INTERNAL, "work", null, null);
        span.end("");
        span.attribute("late", "value");
        span.attribute("late", 1);
        span.end("500");

        assertThat(ended).hasSize(1);
        assertThat(only().getAttributesList()).isEmpty();
        assertThat(only().hasStatus()).isFalse();
    }

    @Test
    void writesManySpansInPartsWithTheSameResource() throws Exception {
        for (int i = 0; i < 600; i++) {
            tracer.start(SpanKind.INTERNAL, "job " + i, null, null).end("");
        }

        ExportTraceServiceRequest message = message();

        assertThat(message.getResourceSpansList())
                .hasSizeGreaterThan(1)
                .extracting(ResourceSpans::getResource)
                .containsOnly(message.getResourceSpans(0).getResource());
        assertThat(message.getResourceSpansList())
                .flatExtracting(part -> part.getScopeSpans(0).getSpansList())
                .extracting(Span::getName)
                .containsExactlyElementsOf(
                        IntStream.range(0, 600).mapToObj(i -> "job " + i).toList());
    }

    @Test
    void writesNothingWithoutSpans() {
        assertThat(SpanMessage.of(RESOURCE, List.of())).isEmpty();
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
