package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer.TracedSpan;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the framework's spans are recorded. */
class SpanTracerTest {
    private static final TraceContext SAMPLED =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true, "a=b");
    private static final TraceContext SILENT =
            new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", false, "");

    private final List<EndedSpan> ended = new ArrayList<>();

    private SpanTracer tracer(String sampler, double ratio) {
        return new SpanTracer(TracesConfig.SamplerName.parse(sampler).sampler(ratio), Clock.getDefault(), ended::add);
    }

    @ParameterizedTest
    @CsvSource({
        "always_on, 0, true, true, true",
        "always_off, 1, false, false, false",
        "traceidratio, 1, true, true, true",
        "traceidratio, 0, false, false, false",
        "parentbased_always_on, 0, true, true, false",
        "parentbased_always_off, 1, false, true, false",
        "parentbased_traceidratio, 0, false, true, false",
        "parentbased_traceidratio, 1, true, true, false",
    })
    void obeysTheSampler(String sampler, double ratio, boolean alone, boolean inSampled, boolean inSilent) {
        SpanTracer tracer = tracer(sampler, ratio);
        for (SpanKind kind : SpanKind.values()) {
            assertThat(tracer.start(kind, "work", null, null).context().isSampled())
                    .isEqualTo(alone);
            assertThat(tracer.start(kind, "work", SAMPLED, null).context().isSampled())
                    .isEqualTo(inSampled);
            assertThat(tracer.start(kind, "work", SILENT, null).context().isSampled())
                    .isEqualTo(inSilent);
        }
    }

    @Test
    void aSpanThatIsNotRecordedHasAPlaceInItsTrace() {
        TracedSpan span = tracer("always_off", 0).start(SpanKind.SERVER, "GET /", SAMPLED, null);
        span.attribute("name", "value");
        span.attribute("name", 1);
        span.end("500");

        assertThat(ended).isEmpty();
        assertThat(span.context().traceId()).isEqualTo(SAMPLED.traceId());
        assertThat(span.context().spanId()).isNotEqualTo(SAMPLED.spanId());
        assertThat(span.context().state()).isEqualTo("a=b");
    }

    @Test
    void recordsTheConfiguredShare() {
        SpanTracer tracer =
                new SpanTracer(Sampler.parentBased(Sampler.traceIdRatioBased(0.25)), Clock.getDefault(), ended::add);
        for (int i = 0; i < 20_000; i++) {
            tracer.start(SpanKind.SERVER, "GET /", null, null).end("");
        }

        // Five thousand are expected, with a standard deviation of 61.
        assertThat(ended).hasSizeBetween(4_500, 5_500);
    }
}
