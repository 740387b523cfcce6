package io.lynx.event;

import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.testkit.Await;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do. */
final class Eventually {
    private Eventually() {}

    /** Returns as soon as the condition holds; fails with the description if it does not within 20 s. */
    static void eventually(String description, BooleanSupplier condition) {
        Await.until(description, condition::getAsBoolean);
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
