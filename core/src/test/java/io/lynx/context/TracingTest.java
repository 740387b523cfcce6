package io.lynx.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lynx.context.RecentRequest.RecentSpan;
import io.lynx.context.SpanRecorder.EndedSpan;
import io.lynx.extension.Registration;
import io.lynx.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final ManualTime time = new ManualTime();
    private final Tracing tracing = new Tracing(time, time);
    private final SpanRecorder recorder = new SpanRecorder();

    private static RequestScope request() {
        return RequestScope.of(TestSource.with("traceparent", CALLER));
    }

    private void keep(RequestScope request, String name, int status, Duration duration) {
        tracing.keep(request, name, status, status < 500, time.nanos() - duration.toNanos(), duration.toNanos());
    }

    @Test
    void recordsNothingOutsideOfARequestWithoutATracer() throws Exception {
        RequestContext none = RequestContext.current();

        assertThat(tracing.isInSpan(none)).isFalse();
        assertThat(tracing.begin(SpanKind.CLIENT, "GET /", none)).isSameAs(Span.NONE);
        assertThat(tracing.server("GET /", request())).isSameAs(Span.NONE);
        assertThat(Span.NONE.in(none)).isSameAs(none);
        assertThat(tracing.<String>call("SELECT orders", () -> "one")).isEqualTo("one");
        assertThat(tracing.recentRequests()).isEmpty();
    }

    @Test
    void putsWorkUnderTheSpanOfItsRequest() throws Exception {
        Registration _ = tracing.install(recorder);
        RequestScope request = request();
        Span server = tracing.server("GET /orders/{id}", request);

        String found = request.call(() -> tracing.call("outer", () -> tracing.call("inner", () -> "one")));
        server.attribute("http.response.status_code", 200);
        server.end("");
        server.end("again");

        assertThat(found).isEqualTo("one");
        assertThat(recorder.ended()).extracting(EndedSpan::name).containsExactly("inner", "outer", "GET /orders/{id}");
        EndedSpan root = recorder.ended().getLast();
        assertThat(root.parent()).extracting(TraceContext::spanId).isEqualTo("b7ad6b7169203331");
        assertThat(root.attributes()).containsEntry("http.response.status_code", 200L);
        assertThat(root.error()).isEmpty();
        assertThat(recorder.ended().get(1).parent()).isEqualTo(root.context());
        assertThat(recorder.ended().getFirst().parent())
                .isEqualTo(recorder.ended().get(1).context());
        assertThat(request.trace()).hasValue(root.context());
    }

    @Test
    void namesTheFailureOfWork() {
        Registration _ = tracing.install(recorder);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> tracing.call("SELECT orders", () -> {
                    throw new CompletionException(new IOException("secret"));
                }));

        assertThat(recorder.ended()).extracting(EndedSpan::error).containsExactly("java.io.IOException");
    }

    @Test
    void linksWorkThatComesLater() {
        Registration _ = tracing.install(recorder);
        RequestScope request = request();

        tracing.begin(SpanKind.INTERNAL, "handle", request, true).end("");

        EndedSpan span = recorder.ended().getFirst();
        assertThat(span.parent()).isNull();
        assertThat(span.link()).isEqualTo(request.trace().orElseThrow());
    }

    @Test
    void doesNotAskForAttributesOfATraceThatIsNotRecorded() {
        SpanRecorder silent = new SpanRecorder(false);
        Registration _ = tracing.install(silent);
        RequestScope request = request();

        Span span = tracing.server("GET /", request);

        assertThat(span.isTraced()).isFalse();
        assertThat(tracing.isInSpan(request)).isTrue();
        assertThat(request.trace().orElseThrow().isSampled()).isFalse();
    }

    @Test
    void acceptsOneTracerAtATime() {
        Registration first = tracing.install(recorder);

        assertThatIllegalStateException()
                .isThrownBy(() -> tracing.install(new SpanRecorder()))
                .withMessageContaining("another one is installed");
        first.close();
        assertThat(tracing.isActive()).isFalse();
        Registration second = tracing.install(new SpanRecorder());
        first.close();
        assertThat(tracing.isActive()).isTrue();
        second.close();
    }

    @Test
    void aTracerThatThrowsDoesNotAffectTheWork() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RecordingFailure failing = new RecordingFailure(calls);
        Registration _ = tracing.install((kind, name, parent, link) -> {
            if (name.equals("broken at its start")) {
                throw new IllegalStateException("in a test");
            }
            return failing;
        });

        assertThat(tracing.<String>call("broken at its start", () -> "one")).isEqualTo("one");
        assertThat(tracing.<String>call("broken later", () -> "two")).isEqualTo("two");
        Span span = tracing.begin(SpanKind.CLIENT, "GET /", request());
        span.attribute("text", "a");
        span.attribute("number", 1);
        span.end("");
        assertThat(tracing.server("GET /", request())).isSameAs(Span.NONE);

        assertThat(calls).hasValueGreaterThanOrEqualTo(5);
    }

    /** A span whose methods all throw. */
    private record RecordingFailure(AtomicInteger calls) implements Tracer.TracedSpan {
        private IllegalStateException failure() {
            calls.incrementAndGet();
            return new IllegalStateException("in a test");
        }

        @Override
        public TraceContext context() {
            throw failure();
        }

        @Override
        public void attribute(String name, String value) {
            throw failure();
        }

        @Override
        public void attribute(String name, long value) {
            throw failure();
        }

        @Override
        public void end(String error) {
            throw failure();
        }
    }

    @Test
    void keepsTheMostRecentRequestsThatFailedOrWereSlow() {
        for (int i = 0; i < 100; i++) {
            time.advance(Duration.ofSeconds(1));
            keep(RequestScope.of("failed-" + i, null), "GET /", 500, Duration.ofMillis(5));
            time.advance(Duration.ofSeconds(1));
            keep(RequestScope.of("slow-" + i, null), "GET /", 200, Duration.ofMillis(900));
        }

        List<RecentRequest> recent = tracing.recentRequests();

        assertThat(recent).hasSize(128);
        assertThat(recent).extracting(RecentRequest::requestId).startsWith("slow-99", "failed-99", "slow-98");
        assertThat(recent).extracting(RecentRequest::requestId).endsWith("slow-36", "failed-36");
        assertThat(recent.getFirst().isSlow()).isTrue();
        assertThat(recent.getFirst().duration()).isEqualTo(Duration.ofMillis(900));
        assertThat(recent.getFirst().startedAt()).isEqualTo(time.instant().minusMillis(900));
        assertThat(recent).extracting(RecentRequest::startedAt).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void keepsThePartsOfARequestAsATree() throws Exception {
        RequestScope request = request();
        Instant began = time.instant();
        long nanos = time.nanos();
        request.call(() -> tracing.<@Nullable Object>call("outer", () -> {
            time.advance(Duration.ofMillis(2));
            tracing.begin(SpanKind.CLIENT, "GET /items/{item}", RequestContext.current())
                    .end("503");
            Span _ = tracing.begin(SpanKind.INTERNAL, "handle mails", RequestContext.current());
            time.advance(Duration.ofMillis(3));
            return null;
        }));
        Tracing.failed(request, new IllegalStateException("secret"));

        tracing.keep(
                request, "POST /orders", 500, false, nanos, Duration.ofMillis(5).toNanos());

        RecentRequest kept = tracing.recentRequests().getFirst();
        assertThat(kept.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(kept.error()).isEqualTo("java.lang.IllegalStateException");
        assertThat(kept.startedAt()).isEqualTo(began);
        assertThat(kept.leftOut()).isZero();
        assertThat(kept.spans()).hasSize(1);
        RecentSpan outer = kept.spans().getFirst();
        assertThat(outer.name()).isEqualTo("outer");
        assertThat(outer.duration()).isEqualTo(Duration.ofMillis(5));
        assertThat(outer.spans()).extracting(RecentSpan::name).containsExactly("GET /items/{item}", "handle mails");
        assertThat(outer.spans().getFirst().offset()).isEqualTo(Duration.ofMillis(2));
        assertThat(outer.spans().getFirst().error()).isEqualTo("503");
        assertThat(outer.spans().getLast().duration()).isNull();
    }

    @Test
    void keepsABoundedPartOfARequestThatDoesTooMuch() throws Exception {
        RequestScope request = request();
        int threads = 8;
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofVirtual().start(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int part = 0; part < 1000; part++) {
                    tracing.begin(SpanKind.INTERNAL, "x".repeat(10_000), request)
                            .end("y".repeat(10_000));
                }
            }));
        }
        begin.countDown();
        for (Thread worker : workers) {
            worker.join();
        }

        keep(request, "GET /", 200, Duration.ofSeconds(1));

        RecentRequest kept = tracing.recentRequests().getFirst();
        assertThat(kept.spans()).hasSize(64);
        assertThat(kept.leftOut()).isEqualTo(threads * 1000 - 64);
        assertThat(kept.spans())
                .allMatch(span -> span.name().length() <= 201 && span.error().length() <= 201);
    }
}
