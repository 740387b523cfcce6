package io.lynx.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;

import io.lynx.extension.Registration;
import io.lynx.security.Principal;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    private final ManualTime time = new ManualTime();

    private Deadline in(int seconds) {
        return Deadline.after(Duration.ofSeconds(seconds), time);
    }

    private static <T> T onThread(ThreadFactory threads, Callable<T> task) throws Exception {
        FutureTask<T> result = new FutureTask<>(task);
        Thread thread = threads.newThread(result);
        thread.start();
        return result.get();
    }

    private static List<ThreadFactory> threads() {
        return List.of(
                Thread.ofVirtual().factory(), Thread.ofPlatform().daemon().factory());
    }

    @Test
    void isEmptyOutsideOfARequest() {
        RequestContext none = RequestContext.current();

        assertThat(none.requestId()).isEmpty();
        assertThat(none.trace()).isEmpty();
        assertThat(none.baggage()).isEmpty();
        assertThat(none.deadline()).isEmpty();
        assertThat(none.principal()).isEmpty();
        assertThat(none.isCancelled()).isFalse();
        assertThat(none.ids()).isEmpty();
        assertThat(none.withoutDeadline()).isSameAs(none);
        none.onCancel(() -> {}).close();
        assertThatIllegalStateException()
                .isThrownBy(() -> none.authenticated(Principal.of("alice")))
                .withMessageContaining("outside of a request");
    }

    @Test
    void isBoundWhileATaskRuns() throws Exception {
        RequestScope scope = RequestScope.of("r-1", null);

        scope.run(() -> {
            assertThat(RequestContext.current()).isSameAs(scope);
            RequestScope.of("r-2", null)
                    .run(() -> assertThat(RequestContext.current().requestId()).isEqualTo("r-2"));
            assertThat(RequestContext.current()).isSameAs(scope);
        });

        assertThat(scope.call(() -> RequestContext.current().requestId())).isEqualTo("r-1");
        assertThat(RequestContext.current().requestId()).isEmpty();
    }

    @Test
    void isCarriedByWrappedTasksAloneToOtherThreads() throws Exception {
        RequestScope scope = RequestScope.of("r-1", null);
        for (ThreadFactory threads : threads()) {
            Callable<String> asksForId = () -> RequestContext.current().requestId();
            Executor executor = task -> threads.newThread(task).start();

            assertThat(onThread(threads, asksForId)).isEmpty();
            assertThat(scope.call(() -> onThread(threads, asksForId))).isEmpty();
            assertThat(onThread(threads, scope.call(() -> RequestContext.wrap(asksForId))))
                    .isEqualTo("r-1");
            FutureTask<String> executed = new FutureTask<>(asksForId);
            scope.run(() -> RequestContext.wrap(executor).execute(executed));
            assertThat(executed.get()).isEqualTo("r-1");
        }
    }

    @Test
    void leavesTasksAsTheyAreOutsideOfARequest() {
        Runnable task = () -> {};
        Callable<String> call = () -> "";

        assertThat(RequestContext.wrap(task)).isSameAs(task);
        assertThat(RequestContext.wrap(call)).isSameAs(call);
    }

    @Test
    void readsNothingUntilItIsNeededAndEverythingOnce() {
        TestSource source = new TestSource(
                Map.of("x-request-id", List.of("r-1"), "traceparent", List.of(PARENT), "baggage", List.of("a=1")));
        RequestScope scope = RequestScope.of(source);
        scope.run(() -> assertThat(RequestContext.current().isCancelled()).isFalse());
        assertThat(source.reads).isEmpty();

        for (int i = 0; i < 2; i++) {
            assertThat(scope.requestId()).isEqualTo("r-1");
            assertThat(scope.trace()).hasValue(new TraceContext(TRACE, SPAN, true, ""));
            assertThat(scope.baggage()).containsExactly(entry("a", "1"));
        }

        assertThat(source.reads).containsExactlyInAnyOrder("x-request-id", "traceparent", "tracestate", "baggage");
        assertThat(source.ignored).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "{bad}", "ä", "a\nb", "a,b"})
    void makesAnIdInPlaceOfAMalformedOne(String id) {
        TestSource source = TestSource.with("x-request-id", id);

        RequestScope scope = RequestScope.of(source);

        assertThat(scope.requestId()).startsWith("made-").isEqualTo(scope.requestId());
        assertThat(source.ignored).containsExactly("x-request-id");
    }

    @Test
    void makesAnIdInPlaceOfALongOrRepeatedOneAndWithoutOne() {
        TestSource longId = TestSource.with("x-request-id", "a".repeat(129));
        TestSource twoIds = TestSource.with("x-request-id", "a", "a");
        TestSource noId = new TestSource(Map.of());

        assertThat(RequestScope.of(longId).requestId()).startsWith("made-");
        assertThat(longId.ignored).containsExactly("x-request-id");
        assertThat(RequestScope.of(twoIds).requestId()).startsWith("made-");
        assertThat(twoIds.ignored).containsExactly("x-request-id");
        assertThat(RequestScope.of(noId).requestId()).startsWith("made-");
        assertThat(noId.ignored).isEmpty();
        assertThat(RequestScope.of(TestSource.with("x-request-id", "a".repeat(128)))
                        .requestId())
                .hasSize(128);
    }

    @Test
    void passesOnWhatItRead() {
        TestSource source = new TestSource(
                Map.of(
                        "x-request-id", List.of("r-1"),
                        "traceparent", List.of(PARENT),
                        "tracestate", List.of("a=1"),
                        "baggage", List.of("user=alice;p=1")),
                in(5));
        Map<String, String> headers = new LinkedHashMap<>();

        RequestScope.of(source).withBaggage("plan", "pro max").propagate(headers::put);

        assertThat(headers)
                .containsExactly(
                        entry("x-request-id", "r-1"),
                        entry("traceparent", PARENT),
                        entry("tracestate", "a=1"),
                        entry("baggage", "user=alice;p=1,plan=pro%20max"),
                        entry("x-request-timeout", "5000ms"));
        RequestContext.current().propagate((name, value) -> assertThat(name).isEmpty());
    }

    @Test
    void showsItsIdsToLogs() {
        TraceContext trace = new TraceContext(TRACE, SPAN, true, "");

        assertThat(RequestScope.of("r-1", null).ids()).containsExactly(entry("request_id", "r-1"));
        assertThat(RequestContext.current().withTrace(trace).ids())
                .containsExactly(entry("trace_id", TRACE), entry("span_id", SPAN));
        assertThat(RequestScope.of("r-1", in(5)).withTrace(trace).toString())
                .contains("request_id=r-1", TRACE, "in 5000ms");
    }

    @Test
    void sharesItsPrincipalWithEverythingInsideIt() {
        RequestScope scope = RequestScope.of("r-1", null);
        RequestContext inner = scope.withDeadline(in(5)).withBaggage("a", "1");

        inner.authenticated(Principal.of("alice"));

        assertThat(scope.principal()).hasValue(Principal.of("alice"));
        assertThat(inner.principal()).hasValue(Principal.of("alice"));
        assertThat(scope.withoutDeadline().principal()).hasValue(Principal.of("alice"));
    }

    @Test
    void takesTheEarliestDeadline() {
        RequestScope scope = RequestScope.of("r-1", in(5));

        assertThat(remaining(scope.withDeadline(in(3)))).isEqualTo(Duration.ofSeconds(3));
        assertThat(remaining(scope.withDeadline(in(9)))).isEqualTo(Duration.ofSeconds(5));
        assertThat(scope.isCancelled()).isFalse();
        time.advance(Duration.ofSeconds(5));
        assertThat(scope.isCancelled()).isTrue();
    }

    private static Duration remaining(RequestContext context) {
        return context.deadline().orElseThrow().remaining();
    }

    @Test
    void expiresItsDeadlineWhenItIsCancelled() {
        RequestScope scope = RequestScope.of(new TestSource(Map.of(), in(5)));
        Deadline deadline = scope.deadline().orElseThrow();
        Deadline derived = deadline.atMost(Duration.ofSeconds(3)).minus(Duration.ofSeconds(1));
        RequestContext inner = scope.withDeadline(in(4));
        List<String> ran = new ArrayList<>();
        scope.onCancel(() -> ran.add("first"));
        inner.onCancel(() -> ran.add("inner"));
        inner.onCancel(() -> ran.add("withdrawn")).close();
        scope.onCancel(() -> {
            throw new IllegalStateException("hostile");
        });
        scope.onCancel(() -> ran.add("last"));

        scope.cancel();
        scope.cancel();
        Registration late = inner.onCancel(() -> ran.add("late"));
        late.close();

        assertThat(ran).containsExactly("first", "inner", "last", "late");
        assertThat(deadline.isExpired()).isTrue();
        assertThat(derived.remaining()).isZero();
        assertThat(inner.deadline().orElseThrow().isExpired()).isTrue();
        assertThat(inner.isCancelled()).isTrue();
    }

    @Test
    void cancelsAnInnerScopeWithoutItsOuterOne() {
        RequestScope scope = RequestScope.of("r-1", in(5));
        RequestScope inner = scope.withDeadline(in(4)).inner(null, null, null);
        List<String> ran = new ArrayList<>();
        scope.onCancel(() -> ran.add("outer"));
        inner.onCancel(() -> ran.add("inner"));

        inner.cancel();
        scope.cancel();

        assertThat(inner.isCancelled()).isTrue();
        assertThat(ran).containsExactly("inner", "outer");
    }

    @Test
    void hasNoDeadlineOnceItHasEnded() {
        RequestScope answered = RequestScope.of("r-1", in(5));
        RequestScope cancelled = RequestScope.of("r-2", in(5));

        answered.end();
        cancelled.cancel();
        cancelled.end();
        time.advance(Duration.ofSeconds(9));

        assertThat(answered.deadline()).isEmpty();
        assertThat(answered.isCancelled()).isFalse();
        assertThat(cancelled.isCancelled()).isTrue();
    }

    @Test
    void keepsValuesAloneForWorkThatGoesOn() {
        TestSource source = new TestSource(
                Map.of("x-request-id", List.of("r-1"), "traceparent", List.of(PARENT), "baggage", List.of("a=1")),
                in(5));
        RequestScope scope = RequestScope.of(source);

        RequestContext lasting = scope.withoutDeadline();
        scope.cancel();

        assertThat(lasting).isSameAs(scope.withoutDeadline()).isSameAs(lasting.withoutDeadline());
        assertThat(lasting.requestId()).isEqualTo("r-1");
        assertThat(lasting.trace()).isPresent();
        assertThat(lasting.baggage()).containsKey("a");
        assertThat(lasting.deadline()).isEmpty();
        assertThat(lasting.isCancelled()).isFalse();
    }

    @Test
    void theOperationIsThatOfTheRequestAround() throws Exception {
        RequestScope job = RequestScope.of("id", "job clean-up", null);

        assertThat(RequestContext.current().operation()).isEmpty();
        assertThat(job.operation()).isEqualTo("job clean-up");
        assertThat(job.withDeadline(in(1)).operation()).isEqualTo("job clean-up");
        assertThat(job.withoutDeadline().operation()).isEqualTo("job clean-up");
        assertThat(job.call(() -> RequestContext.current().operation())).isEqualTo("job clean-up");
        assertThat(RequestScope.of("id", null).operation()).isEmpty();
    }
}
