package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/** The section {@code orders.cache}. */
record CacheConfig(
        @Doc("Maximum number of orders in the cache.") @Default("10000") @Range(min = "1", max = "1000000")
        int capacity,

        @Doc("Time for which an order is answered from the cache.") @Default("30s") @Range(min = "1ms", max = "1h")
        Duration timeToLive) {}
