package io.lynx.event;

import static org.assertj.core.api.Assertions.fail;

import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. */
final class Eventually {
    private static final long LONGEST = 20_000_000_000L;

    private Eventually() {}

    /** Returns as soon as the condition holds; fails with the description if it does not within 20 s. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void eventually(String description, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > LONGEST) {
                fail("not within 20 s: " + description);
            }
            Thread.yield();
        }
    }

    /** Waits until everything that the subscription got has come to its end, and checks its account. */
    static SubscriptionSnapshot settled(Subscription subscription) {
        eventually("settled: " + subscription.name(), () -> {
            SubscriptionSnapshot snapshot = subscription.snapshot();
            return snapshot.queued() == 0 && snapshot.inHand() == 0;
        });
        return subscription.snapshot();
    }
}
