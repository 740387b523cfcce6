package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.context.RequestScope;
import io.lynx.redis.Cache;
import io.lynx.redis.CommandCancelledException;
import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisLocks;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request has taken is given back although its client has gone, or its thread is interrupted. */
@WithRedis
class EndedRequestsTest {
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final RequestScope request = RequestScope.of("request", null);
    private boolean isInterrupted;
    private LynxTest lynx;

    @BeforeEach
    void start() {
        lynx = TestApplications.start();
    }

    @AfterEach
    void stop() {
        lynx.close();
    }

    private RedisLocks locks() {
        return lynx.resource(RedisPlugin.locks());
    }

    /** Runs the work of the request on a virtual thread, whose connections an interrupt closes. */
    private void handle(Runnable work) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread _ = Thread.startVirtualThread(() -> {
            try {
                request.run(work);
                boolean _ = done.complete(Thread.interrupted());
            } catch (Throwable failure) {
                boolean _ = done.completeExceptionally(failure);
            }
        });
        isInterrupted = done.get(30, TimeUnit.SECONDS);
    }

    @Test
    void aLockOfACancelledRequestIsReleased() throws Exception {
        handle(() -> {
            try (RedisLock _ = locks().tryAcquire("cancelled", LEASE).orElseThrow()) {
                request.cancel();
            }
        });

        assertThat(locks().tryAcquire("cancelled", LEASE)).isPresent();
        assertThat(lynx.logs().containing("could not be released")).isEmpty();
    }

    @Test
    void aLockOfAnInterruptedThreadIsReleased() throws Exception {
        handle(() -> {
            try (RedisLock _ = locks().tryAcquire("interrupted", LEASE).orElseThrow()) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(isInterrupted).isTrue();
        assertThat(locks().tryAcquire("interrupted", LEASE)).isPresent();
        assertThat(lynx.logs().containing("could not be released")).isEmpty();
    }

    @Test
    void theClaimOfALoadEndsWithACancelledRequest() throws Exception {
        Cache<Long, String> cache = lynx.resource(RedisPlugin.caches())
                .cache("claimed", String.class)
                .loadedBy(_ -> {
                    assertThat(TestRedis.server().keys("*cache:claimed:*:loading"))
                            .hasSize(1);
                    request.cancel();
                    return "lamp";
                });

        handle(() -> assertThat(cache.get(1L)).contains("lamp"));

        assertThat(TestRedis.server().keys("*cache:claimed:*:loading")).isEmpty();
    }

    @Test
    void aChangeOfACancelledRequestReachesTheCache() throws Exception {
        Cache<Long, String> cache = lynx.resource(RedisPlugin.caches())
                .cache("changed", String.class)
                .withoutLoader();
        for (long key = 1; key <= 2; key++) {
            assertThat(cache.put(key, "lamp")).isTrue();
        }

        handle(() -> {
            request.cancel();
            Thread.currentThread().interrupt();
            assertThat(cache.invalidate(1L)).isTrue();
            assertThat(cache.put(2L, "chair")).isTrue();
        });

        assertThat(cache.getIfPresent(1L)).isEmpty();
        assertThat(cache.getIfPresent(2L)).contains("chair");
    }

    @Test
    void aLockThatWasGrantedAfterTheEndOfItsRequestIsReleased() throws Exception {
        // So that a connection is open.
        assertThat(locks().tryAcquire("late", LEASE).orElseThrow()).satisfies(RedisLock::close);
        RequestScope limited = RequestScope.of("short", Deadline.after(Duration.ofMillis(500), Ticker.system()));
        TestRedis.server().freeze();
        try {
            assertThatThrownBy(() -> limited.call(() -> locks().tryAcquire("late", LEASE)))
                    .isInstanceOf(CommandCancelledException.class);
        } finally {
            TestRedis.server().thaw();
        }

        Await.until("the lock is free", Duration.ofSeconds(30), () -> locks().tryAcquire("late", LEASE)
                .isPresent());
    }
}
