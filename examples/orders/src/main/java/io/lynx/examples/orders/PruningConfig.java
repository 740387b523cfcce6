package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;

/** The section {@code orders.pruning}. */
record PruningConfig(
        @Doc("Whether confirmed orders are deleted when they are old.") @Default("false")
        boolean enabled,

        @Doc("Age at which a confirmed order is deleted.") @Default("90d") @Range(min = "1s", max = "3650d")
        Duration age,

        @Doc("Interval at which the leader looks for old orders.") @Default("1h") @Range(min = "1s", max = "1d")
        Duration interval) {}
