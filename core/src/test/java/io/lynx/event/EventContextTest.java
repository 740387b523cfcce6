package io.lynx.event;

import static io.lynx.event.Eventually.eventually;
import static io.lynx.event.Eventually.settled;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.TraceContext;
import io.lynx.event.Event.EventHeaders;
import io.lynx.security.Principal;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventContextTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);
    private static final TraceContext TRACE = new TraceContext("a".repeat(32), "b".repeat(16), true, "");

    private final ManualTime time = new ManualTime();
    private final Events events =
            Events.builder().ticker(time).wallClock(time).scheduler(time).build();

    @AfterEach
    void close() {
        events.close();
    }

    private RequestContext request(String id) {
        return RequestScope.of(id, Deadline.after(Duration.ofSeconds(5), time)).withTrace(TRACE);
    }

    @Test
    void aHandlerRunsInThePublishersContextWithoutItsDeadline() {
        List<String> seen = new CopyOnWriteArrayList<>();
        List<RequestContext> contexts = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(NEWS, payload -> {
            contexts.add(RequestContext.current());
            seen.add(payload + " " + RequestContext.current().requestId());
        });
        RequestScope scope = RequestScope.of("r-1", Deadline.after(Duration.ofSeconds(5), time));
        scope.authenticated(Principal.of("alice"));

        scope.withTrace(TRACE).run(() -> events.publish(NEWS, "first"));
        scope.cancel();
        events.publish(NEWS, "second");
        request("r-2").run(() -> events.publish(NEWS, "third"));

        settled(subscription);
        assertThat(seen).containsExactly("first r-1", "second ", "third r-2");
        assertThat(contexts.getFirst().trace()).hasValue(TRACE);
        assertThat(contexts.getFirst().principal()).hasValue(Principal.of("alice"));
        assertThat(contexts.getFirst().deadline()).isEmpty();
        assertThat(contexts.getFirst().isCancelled()).isFalse();
        assertThat(contexts.get(1)).isSameAs(RequestContext.current());
    }

    @Test
    void anEventCarriesTheContextAndItsTrace() {
        List<Event<?>> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(TopicFilter.topic(NEWS), seen::add);

        request("r-1").run(() -> {
            events.publish(NEWS, "a");
            events.publish(NEWS, "b", EventHeaders.NONE.withTraceId("own").withSource("orders"));
        });
        events.publish(NEWS, "c");

        settled(subscription);
        assertThat(seen).extracting(event -> event.context().requestId()).containsExactly("r-1", "r-1", "");
        assertThat(seen).extracting(event -> event.headers().traceId()).containsExactly(TRACE.traceId(), "own", null);
        assertThat(seen.get(1).headers().source()).isEqualTo("orders");
    }

    @Test
    void aRedeliveryAndItsDeadLetterKeepTheContext() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(
                NEWS,
                _ -> {
                    seen.add(RequestContext.current().requestId());
                    throw new IllegalStateException("no");
                },
                options -> options.retry(1));

        request("r-1").run(() -> events.publish(NEWS, "a"));
        eventually("it is a dead letter", () -> {
            time.advance(Duration.ofMillis(10));
            return events.deadLetters().size() == 1;
        });
        settled(subscription);
        assertThat(seen).containsExactly("r-1", "r-1");
        assertThat(events.deadLetters().list().getFirst().event().context().requestId())
                .isEqualTo("r-1");
    }

    @Test
    void aPublisherStopsWaitingWhenItsRequestIsCancelled() throws Exception {
        Gate<String> gate = new Gate<>();
        Subscription subscription = events.subscribe(
                NEWS, gate, options -> options.queue(1, 0).overflow(Overflow.BLOCK.upTo(Duration.ofHours(1))));
        events.publish(NEWS, "handled");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");
        RequestScope unlimited = RequestScope.of("r-1", null);
        FutureTask<PublishResult> publishing =
                new FutureTask<>(() -> unlimited.call(() -> events.publish(NEWS, "refused")));
        Thread thread = Thread.ofPlatform().daemon().start(publishing);
        eventually("the publisher waits", () -> thread.getState() == Thread.State.TIMED_WAITING);

        unlimited.cancel();

        assertThat(publishing.get(20, TimeUnit.SECONDS))
                .isEqualTo(new PublishResult.Dropped(PublishResult.DropReason.TIMED_OUT, 1));
        gate.open();
        assertThat(settled(subscription).processed()).isEqualTo(2);
    }

    @Test
    void aPublisherWaitsNoLongerThanItsRequest() throws Exception {
        Gate<String> gate = new Gate<>();
        Subscription subscription = events.subscribe(
                NEWS, gate, options -> options.queue(1, 0).overflow(Overflow.BLOCK.upTo(Duration.ofHours(1))));
        events.publish(NEWS, "handled");
        gate.awaitEntered(1);
        events.publish(NEWS, "queued");
        RequestScope expired = RequestScope.of("r-1", Deadline.after(Duration.ZERO, time));

        PublishResult result = expired.call(() -> events.publish(NEWS, "refused"));

        assertThat(result).isEqualTo(new PublishResult.Dropped(PublishResult.DropReason.TIMED_OUT, 1));
        gate.open();
        assertThat(settled(subscription).processed()).isEqualTo(2);
    }
}
