package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisLocks;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithRedis
class RedisLockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LEASE = Duration.ofSeconds(20);

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

    @Test
    void hasOneHolderAndGrowingTokens() {
        long first;
        try (RedisLock lock = locks().tryAcquire("report", LEASE).orElseThrow()) {
            first = lock.token();
            assertThat(lock.isHeld()).isTrue();
            assertThat(locks().tryAcquire("report", LEASE)).isEmpty();
            assertThat(locks().tryAcquire("other", LEASE)).isPresent();
        }
        try (RedisLock lock = locks().tryAcquire("report", LEASE).orElseThrow()) {
            assertThat(lock.token()).isGreaterThan(first);
        }
    }

    @Test
    void tokensGrowAfterALossOfData() {
        RedisLock lock = locks().tryAcquire("lost-data", LEASE).orElseThrow();
        Object _ = TestRedis.server().command("FLUSHALL");

        RedisLock next = locks().tryAcquire("lost-data", LEASE).orElseThrow();

        assertThat(next.token()).isGreaterThanOrEqualTo(lock.token());
        next.close();
        lock.close();
    }

    @Test
    void thatOfADeadHolderEndsAlthoughTheClockOfTheServerHasGoneBack() {
        RedisLock first = locks().tryAcquire("clock", Duration.ofMinutes(1)).orElseThrow();

        // Redis keeps the instant at which a key expires: an hour back on its clock is an hour more for each.
        for (String key : TestRedis.server().keys("*lock:{clock}*")) {
            Object _ = TestRedis.server().command("PEXPIRE", key, "3660000");
        }
        RedisLock second = locks().tryAcquire("clock", Duration.ofMinutes(1)).orElseThrow();

        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(locks().tryAcquire("clock", Duration.ofSeconds(1)))
                .as("a shorter lease of its own does not end that of another")
                .isEmpty();
        first.close();
        second.close();
    }

    @Test
    void isRenewedWhileItIsHeld() {
        Duration lease = Duration.ofSeconds(3);
        try (RedisLock lock = locks().tryAcquire("renewed", lease).orElseThrow()) {
            Deadline passed = Deadline.after(lease.multipliedBy(2), Ticker.system());
            Await.until("two leases have passed", PATIENCE, passed::isExpired);

            assertThat(lock.isHeld()).isTrue();
            assertThat(locks().tryAcquire("renewed", lease)).isEmpty();
        }
    }

    @Test
    void noticesItsLoss() {
        AtomicInteger lost = new AtomicInteger();
        RedisLock lock = locks().tryAcquire("stolen", Duration.ofSeconds(1)).orElseThrow();
        lock.onLost(lost::incrementAndGet);

        Object _ = TestRedis.server().command("FLUSHALL");

        Await.until("the loss is noticed", PATIENCE, () -> lost.get() == 1);
        assertThat(lock.isHeld()).isFalse();
        lock.close();
        assertThat(lynx.metrics().value("lynx_redis_locks_total", "redis", "default", "outcome", "lost"))
                .isEqualTo(1);
    }

    @Test
    void waitsForALock() throws InterruptedException {
        RedisLock lock = locks().tryAcquire("awaited", LEASE).orElseThrow();
        assertThat(locks().acquire("awaited", LEASE, Duration.ofMillis(100))).isEmpty();

        lock.close();

        assertThat(locks().acquire("awaited", LEASE, PATIENCE)).isPresent();
    }

    @Test
    void refusesALeaseOutOfRange() {
        assertThatThrownBy(() -> locks().tryAcquire("short", Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lock 'short': lease PT0.001S; allowed is 300 ms to one day");
    }
}
