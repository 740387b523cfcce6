package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.context.SpanRecorder;
import io.lynx.context.SpanRecorder.EndedSpan;
import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.job.Schedule;
import io.lynx.plugin.PluginContext;
import io.lynx.testkit.Await;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The contexts in which the code of a plugin runs. */
class BoundContextTest {
    private final ContainerFixture fixture = new ContainerFixture();
    private final Map<String, RequestContext> seen = new ConcurrentHashMap<>();

    private void see(String where) {
        seen.put(where, RequestContext.current());
    }

    @Test
    void aStartAndAStopHaveTheirDeadlinesWhileTheyLast() throws Exception {
        Map<String, Duration> left = new ConcurrentHashMap<>();
        CountDownLatch isStarted = new CountDownLatch(1);
        CountDownLatch hasRun = new CountDownLatch(1);
        fixture.add("orders")
                .onStart(context -> {
                    left.put("start", remaining());
                    context.threads()
                            .newThread(() -> {
                                try {
                                    isStarted.await();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                                see("background");
                                hasRun.countDown();
                            })
                            .start();
                })
                .onStop(_ -> left.put("stop", remaining()));

        fixture.start();
        isStarted.countDown();
        hasRun.await();
        List<PluginStop> _ = fixture.stop();

        assertThat(left.get("start")).isEqualTo(ContainerFixture.START);
        assertThat(left.get("stop")).isPositive().isLessThanOrEqualTo(ContainerFixture.STOP.plusMillis(100));
        RequestContext background = Objects.requireNonNull(seen.get("background"));
        assertThat(background.deadline()).isEmpty();
        assertThat(background.ids()).isEmpty();
    }

    private static Duration remaining() {
        return RequestContext.current().deadline().orElseThrow().remaining();
    }

    @Test
    void startsStopsAndRunsOfJobsAreSpans() throws Exception {
        Tracing tracing = new Tracing(fixture.time, fixture.time);
        SpanRecorder recorder = new SpanRecorder();
        Registration _ = tracing.install(recorder);
        fixture.add("orders")
                .onStart(context -> context.schedule("tidy", Schedule.every(Duration.ofSeconds(30)), _ -> {
                    see("job");
                    throw new IllegalStateException("in a test");
                }));
        fixture.container().share(Tracing.KEY, tracing);
        fixture.start();
        fixture.time.advance(Duration.ofSeconds(30));
        List<EndedSpan> _ = recorder.await(2);
        List<PluginStop> _ = fixture.stop();

        assertThat(recorder.ended())
                .extracting(EndedSpan::name)
                .containsExactly("start orders", "run tidy", "stop orders");
        assertThat(recorder.ended())
                .extracting(EndedSpan::error)
                .containsExactly("", "java.lang.IllegalStateException", "");
        assertThat(Objects.requireNonNull(seen.get("job")).trace())
                .hasValue(recorder.ended().get(1).context());
    }

    @Test
    void aThreadOfAPluginRunsInTheContextInWhichItWasMade() throws Exception {
        fixture.add("orders");
        fixture.start();
        PluginContext context =
                Objects.requireNonNull(((FakePlugin) Objects.requireNonNull(fixture.plugins.get("orders"))).context);
        RequestScope scope = RequestScope.of("r-1", null);

        Thread inside = scope.call(() -> context.threads().newThread(() -> see("inside")));
        Thread outside = context.threads().newThread(() -> see("outside"));
        inside.start();
        outside.start();
        inside.join();
        outside.join();

        assertThat(seen.get("inside")).isSameAs(scope);
        assertThat(seen.get("outside")).isSameAs(RequestContext.current());
    }

    @Test
    void aScheduledTaskRunsInTheContextOfTheRequestThatScheduledItWithoutItsDeadline() throws Exception {
        CountDownLatch haveRun = new CountDownLatch(3);
        FakePlugin orders = fixture.add("orders").onStart(context -> schedule(context, "start", haveRun));
        fixture.start();
        PluginContext context = Objects.requireNonNull(orders.context);
        RequestScope answered = RequestScope.of("r-1", fixture.within(Duration.ofMillis(10)));
        RequestScope cancelled = RequestScope.of("r-2", fixture.within(Duration.ofMinutes(1)));

        answered.run(() -> schedule(context, "answered", haveRun));
        answered.end();
        cancelled.run(() -> schedule(context, "cancelled", haveRun));
        cancelled.cancel();
        fixture.time.advance(Duration.ofSeconds(1));
        assertThat(haveRun.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(seen.get("start")).isSameAs(RequestContext.current());
        for (String request : List.of("answered", "cancelled")) {
            RequestContext bound = Objects.requireNonNull(seen.get(request));
            assertThat(bound.requestId()).isEqualTo(request.equals("answered") ? "r-1" : "r-2");
            assertThat(bound.deadline()).isEmpty();
            assertThat(bound.isCancelled()).isFalse();
        }
    }

    private void schedule(PluginContext context, String name, CountDownLatch haveRun) {
        Scheduler.Scheduled _ = context.scheduler().after(Duration.ofSeconds(1), () -> {
            see(name);
            haveRun.countDown();
        });
    }

    @Test
    void eachRunOfAJobHasAnIdAndTheDeadlineOfItsTimeOut() throws Exception {
        List<String> ids = new CopyOnWriteArrayList<>();
        List<Duration> left = new CopyOnWriteArrayList<>();
        fixture.add("orders")
                .onStart(context -> context.schedule(
                        "tidy", Schedule.every(Duration.ofSeconds(30)).withTimeout(Duration.ofSeconds(10)), _ -> {
                            left.add(remaining());
                            ids.add(RequestContext.current().requestId());
                        }));
        fixture.start();

        for (int i = 1; i <= 2; i++) {
            int runs = i;
            fixture.time.advance(Duration.ofSeconds(30));
            // The next run is scheduled after the report of the last, and its alarm is cancelled before.
            Await.until(
                    "the next run is scheduled",
                    () -> Collections.frequency(fixture.observed, "tidy SUCCESS") == runs
                            && fixture.time.pending() > 0);
        }

        assertThat(ids).hasSize(2).doesNotHaveDuplicates().allMatch(id -> id.matches("tidy-[0-9a-z]{1,8}"));
        assertThat(left).containsOnly(Duration.ofSeconds(10));
    }
}
