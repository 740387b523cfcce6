package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.EventBuses;
import io.lynx.event.Subscription;
import io.lynx.event.Topic;
import io.lynx.testkit.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of the subscriptions of a plugin that it closes before it stops. */
class OwnedSubscriptionsTest {
    private static final Topic<String> NEWS = Topic.of("business", "news", String.class);

    private final ContainerFixture fixture = new ContainerFixture();
    private final FakePlugin live = fixture.add("live");

    private EventBuses events() throws PluginStartException {
        fixture.start();
        return Objects.requireNonNull(live.context).events();
    }

    @Test
    void areFreedOnceTheyHaveEnded() throws Exception {
        EventBuses events = events();
        List<WeakReference<Subscription>> clients = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Subscription client = events.subscribe(NEWS, news -> {});
            client.close();
            clients.add(new WeakReference<>(client));
        }

        Await.until("they are freed", Await.PATIENCE, Duration.ofMillis(100), () -> {
            System.gc();
            // A thread may still have the last few on its stack.
            return clients.stream().filter(client -> !client.refersTo(null)).count() < 10;
        });
        assertThat(fixture.stop()).allMatch(PluginStop::isClean);
    }

    @Test
    void belongToThePluginUntilTheirHandlersHaveReturned() throws Exception {
        EventBuses events = events();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        Subscription client = events.subscribe(NEWS, news -> {
            entered.countDown();
            mayReturn.await();
        });
        events.publish(NEWS, "in hand");
        entered.await();

        client.close();
        List<PluginStop> stops = fixture.stop(Duration.ofMillis(200));

        assertThat(stops).singleElement().satisfies(stop -> assertThat(stop.undelivered())
                .singleElement()
                .satisfies(left -> assertThat(left.inHand())
                        .extracting(unfinished -> (Object) unfinished.event().payload())
                        .containsExactly("in hand")));
        mayReturn.countDown();
    }
}
