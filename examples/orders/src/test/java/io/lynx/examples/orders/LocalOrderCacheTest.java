package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalOrderCacheTest {
    private final ManualTime time = new ManualTime();
    private final LocalOrderCache cache = new LocalOrderCache(2, Duration.ofSeconds(30), time);

    private static Order order(long id) {
        return new Order(id, "ada", "lamp", 1, BigDecimal.ONE, BigDecimal.ONE, OrderStatus.PLACED, Instant.EPOCH);
    }

    @Test
    void returnsWhatWasPut() {
        cache.put(order(1));

        assertThat(cache.get(1)).contains(order(1));
        assertThat(cache.get(2)).isEmpty();
        assertThat(cache.stats()).isEqualTo(new LocalOrderCache.Stats(1, 1, 1));
    }

    @Test
    void forgetsExpiredOrders() {
        cache.put(order(1));

        time.advance(Duration.ofSeconds(30).minusNanos(1));
        assertThat(cache.get(1)).isPresent();

        time.advance(Duration.ofNanos(1));
        assertThat(cache.get(1)).isEmpty();
        assertThat(cache.stats().size()).isZero();
    }

    @Test
    void evictsTheLeastRecentlyUsedOrder() {
        cache.put(order(1));
        cache.put(order(2));
        assertThat(cache.get(1)).isPresent();

        cache.put(order(3));

        assertThat(cache.get(2)).isEmpty();
        assertThat(cache.get(1)).isPresent();
        assertThat(cache.get(3)).isPresent();
    }

    @Test
    void neverReturnsToAnEarlierStatus() {
        cache.put(order(1).confirmed());

        cache.put(order(1));

        assertThat(cache.get(1)).contains(order(1).confirmed());
    }
}
