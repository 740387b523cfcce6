package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/** The section {@code orders.worker}. */
record WorkerConfig(
        @Doc("Maximum number of orders that wait in memory; further ones are read from the database later.")
        @Default("1000")
        @Range(min = "1", max = "1000000")
        int queueCapacity,

        @Doc("Interval at which the database is searched for orders that are not in the queue.")
        @Default("10s")
        @Range(min = "100ms", max = "1h")
        Duration sweepInterval) {}
