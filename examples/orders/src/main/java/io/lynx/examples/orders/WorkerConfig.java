package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/** The section {@code orders.worker}. */
record WorkerConfig(
        @Doc("Orders that wait in memory at most; what overflows is read from the database later.")
        @Default("1000")
        @Range(min = "1", max = "1000000")
        int queueCapacity,

        @Doc("How often the database is searched for orders that the queue has missed.")
        @Default("10s")
        @Range(min = "100ms", max = "1h")
        Duration sweepInterval) {}
