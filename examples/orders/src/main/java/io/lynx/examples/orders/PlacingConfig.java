package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;

/** The section {@code orders.placing}. */
record PlacingConfig(
        @Doc("Orders that are accepted per second, and at once after a quiet time; further ones are answered with 429.")
        @Default("1000")
        @Range(min = "1", max = "1000000")
        int perSecond,

        @Doc("Whether other services receive an event of each order, which needs lynx.outbox.orders.") @Default("false")
        boolean announce) {}
