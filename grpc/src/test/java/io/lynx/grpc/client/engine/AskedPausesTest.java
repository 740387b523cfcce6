package io.lynx.grpc.client.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lynx.grpc.GrpcErrors;
import io.lynx.resilience.Retry;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a call waits before it is made again, when the server says how long. */
class AskedPausesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger attempts = new AtomicInteger();
    private final Retry retry = Retry.builder()
            .initialDelay(MILLI)
            .maxDelay(Duration.ofSeconds(5))
            .retryWhen(RpcFailure::isRetryable)
            .build();

    private static RpcFailure asking(Duration delay) {
        StatusRuntimeException later = GrpcErrors.unavailable("later", delay);
        return new RpcFailure(later.getStatus(), Objects.requireNonNull(later.getTrailers()), null);
    }

    private static RpcFailure pushedBack(String millis) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), millis);
        return new RpcFailure(Status.UNAVAILABLE, trailers, null);
    }

    /** Calls a server whose first answer is {@code failure}. */
    private CompletableFuture<String> call(RpcFailure failure, @Nullable Deadline deadline) {
        return retry.callAsync(() -> attempt(failure), time, deadline);
    }

    private CompletionStage<String> attempt(RpcFailure failure) {
        return attempts.incrementAndGet() == 1
                ? CompletableFuture.failedFuture(failure)
                : CompletableFuture.completedFuture("served");
    }

    @Test
    void theCallIsMadeAgainWhenTheServerAskedForIt() {
        CompletableFuture<String> called = call(asking(Duration.ofSeconds(2)), null);

        time.advance(Duration.ofSeconds(2).minus(MILLI));
        assertThat(attempts).hasValue(1);
        time.advance(MILLI);

        assertThat(called).isCompletedWithValue("served");
        assertThat(attempts).hasValue(2);
    }

    @Test
    void thePushbackOfGrpcIsTakenToo() {
        CompletableFuture<String> called = call(pushedBack("1500"), null);

        time.advance(Duration.ofMillis(1499));
        assertThat(attempts).hasValue(1);
        time.advance(MILLI);

        assertThat(called).isCompletedWithValue("served");
    }

    @Test
    void aNegativePushbackEndsTheCall() {
        RpcFailure refusal = pushedBack("-1");

        assertThat(call(refusal, null).exceptionNow()).isEqualTo(refusal);
        assertThat(time.pending()).isZero();
    }

    @Test
    void aPauseThatIsLongerThanTheLongestEndsTheCall() {
        RpcFailure late = asking(Duration.ofSeconds(5).plus(MILLI));

        assertThat(call(late, null).exceptionNow()).isEqualTo(late);
        assertThat(time.pending()).isZero();
    }

    @Test
    void aPauseThatEndsAfterTheDeadlineEndsTheCallAtOnce() {
        RpcFailure late = asking(Duration.ofSeconds(2));

        assertThat(call(late, Deadline.after(Duration.ofSeconds(2), time)).exceptionNow())
                .isEqualTo(late);
        assertThat(time.pending()).isZero();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aPauseThatEndsBeforeTheDeadlineIsWaitedFor() {
        CompletableFuture<String> called = call(asking(SECOND), Deadline.after(Duration.ofSeconds(2), time));

        time.advance(SECOND);

        assertThat(called).isCompletedWithValue("served");
    }
}
