package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RecentRequest;
import io.lynx.context.RecentRequest.RecentSpan;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.SpanRecorder;
import io.lynx.context.SpanRecorder.EndedSpan;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The spans of event handlers. */
class EventSpansTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final TraceContext TRACE = new TraceContext("a".repeat(32), "b".repeat(16), true, "");

    private final ManualTime time = new ManualTime();
    private final Tracing tracing = new Tracing(time, time);
    private final SpanRecorder recorder = new SpanRecorder();
    private final Events events = Events.builder()
            .ticker(time)
            .wallClock(time)
            .scheduler(time)
            .tracing(tracing)
            .build();

    @AfterEach
    void close() {
        events.close();
    }

    private void publish(String payload) {
        RequestScope.of("r-1", null).withTrace(TRACE).run(() -> events.publish(NEWS, payload));
    }

    @Test
    void aHandlerIsAChildOfThePublisher() {
        Registration _ = tracing.install(recorder);
        List<TraceContext> bound = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(
                NEWS, _ -> bound.add(RequestContext.current().trace().orElseThrow()));

        publish("a");

        EndedSpan span = recorder.await(1).getFirst();
        assertThat(span.name()).isEqualTo("handle " + subscription.name());
        assertThat(span.parent()).isEqualTo(TRACE);
        assertThat(span.link()).isNull();
        assertThat(span.attributes()).containsEntry("lynx.event.subscription", subscription.name());
        assertThat(bound).containsExactly(span.context());
    }

    @Test
    void aHandlerThatRunsLaterIsLinked() throws Exception {
        Registration _ = tracing.install(recorder);
        Gate<String> gate = new Gate<>();
        Subscription subscription = events.subscribe(NEWS, gate);
        publish("first");
        gate.awaitEntered(1);
        publish("second");
        time.advance(Duration.ofSeconds(11));
        gate.open();

        settled(subscription);
        List<EndedSpan> spans = recorder.await(2);
        assertThat(spans.getFirst().parent()).isEqualTo(TRACE);
        assertThat(spans.getLast().parent()).isNull();
        assertThat(spans.getLast().link()).isEqualTo(TRACE);
    }

    @Test
    void allDeliveriesOfAnEventAreOneSpanThatNamesTheFailure() {
        Registration _ = tracing.install(recorder);
        Subscription subscription = events.subscribe(
                NEWS,
                payload -> {
                    if (payload.equals("bad")) {
                        throw new IllegalStateException("no");
                    }
                },
                options -> options.retry(1));

        publish("bad");
        publish("good");

        eventually("both are handled", () -> {
            time.advance(Duration.ofMillis(10));
            return recorder.ended().size() == 2;
        });
        settled(subscription);
        assertThat(recorder.ended())
                .extracting(EndedSpan::error)
                .containsExactly("java.lang.IllegalStateException", "");
    }

    @Test
    void aHandlerOutsideOfATraceBeginsNone() {
        Registration _ = tracing.install(recorder);
        Subscription subscription = events.subscribe(NEWS, _ -> {});

        events.publish(NEWS, "a");

        settled(subscription);
        assertThat(recorder.ended()).isEmpty();
    }

    @Test
    void aHandlerIsAPartOfARequestThatIsKept() {
        RequestScope request = RequestScope.of(new NoHeaders());
        Subscription subscription = events.subscribe(NEWS, _ -> {});

        request.run(() -> events.publish(NEWS, "a"));
        settled(subscription);
        tracing.keep(request, "POST /orders", 500, false, time.nanos(), 0);

        eventually("the part has ended", () -> tracing.recentRequests().getFirst().spans().stream()
                .allMatch(span -> span.duration() != null));
        RecentRequest kept = tracing.recentRequests().getFirst();
        assertThat(kept.spans()).extracting(RecentSpan::name).containsExactly("handle " + subscription.name());
    }
}
