package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.redis.RedisChannels;
import io.lynx.redis.RedisLock;
import io.lynx.redis.RedisLocks;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Further code of the guide to caching. */
@WithRedis
class CachingGuideTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> written = new CopyOnWriteArrayList<>();

    @Test
    void lock() {
        try (LynxTest lynx = TestApplications.start()) {
            report(lynx.resource(RedisPlugin.locks()));

            assertThat(written).hasSize(1);
        }
    }

    // snippet: caching-lock
    private void report(RedisLocks locks) {
        Optional<RedisLock> acquired = locks.tryAcquire("report", Duration.ofSeconds(30));
        if (acquired.isEmpty()) {
            return; // Another instance writes the report.
        }
        try (RedisLock lock = acquired.get()) {
            writeReport(lock.token());
        }
    }
    // end

    private void writeReport(long token) {
        written.add("report " + token);
    }

    @Test
    void channels() {
        try (LynxTest lynx = TestApplications.start()) {
            RedisChannels channels = lynx.resource(RedisPlugin.channels());
            try (Registration _ = subscribe(channels)) {
                Await.until("a price is received", PATIENCE, () -> channels.publish("prices", "lamp 9.90") == 1);
                Await.until("it is handled", PATIENCE, () -> !written.isEmpty());
            }
        }
    }

    // snippet: caching-channel
    private Registration subscribe(RedisChannels channels) {
        return channels.subscribe("price-list", (channel, message) -> written.add(message), "prices");
    }
    // end
}
