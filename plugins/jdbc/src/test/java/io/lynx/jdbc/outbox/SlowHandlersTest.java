package io.lynx.jdbc.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ShutdownReport;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Topic;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handlers of an outbox's events that hang, are slow or always fail hold up their own topic at most. */
class SlowHandlersTest {
    /** The payload. */
    record Step(String order, int number) {}

    private static final Topic<Step> MAILED =
            Topic.of("business", "order.mailed", Step.class).durable();
    private static final Topic<Step> PLACED =
            Topic.of("business", "order.placed", Step.class).durable();
    private static final Step STUCK = new Step("stuck", 20);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url = "jdbc:h2:mem:slow" + DATABASES.incrementAndGet() + ";DB_CLOSE_DELAY=-1";
    private final List<LynxTest> started = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicInteger hanging = new AtomicInteger();
    private final Map<String, Queue<Integer>> mailed = new ConcurrentHashMap<>();
    private final Map<String, Queue<Integer>> placed = new ConcurrentHashMap<>();

    /**
     * Its handler of {@code order.mailed} hangs at one event of {@code stuck} and for the orders of which the name begins with {@code slow}. It is slow for those of which
     * it begins with {@code lame}.
     */
    private final class Handlers implements Plugin {
        private final int concurrency;

        Handlers(int concurrency) {
            this.concurrency = concurrency;
        }

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("handlers").build();
        }

        @Override
        public void start(PluginContext context) {
            context.events().subscribe(MAILED, this::mail, o -> o.concurrency(concurrency));
            context.events().subscribe(PLACED, step -> note(placed, step));
        }

        private void mail(Step step) throws InterruptedException {
            if (step.order().startsWith("lame")) {
                boolean _ = release.await(20, TimeUnit.MILLISECONDS);
            }
            if (step.order().startsWith("slow") || step.equals(STUCK)) {
                int _ = hanging.incrementAndGet();
                release.await();
            }
            if (isFailing.get()) {
                throw new IllegalStateException("no mail today");
            }
            note(mailed, step);
        }

        private static void note(Map<String, Queue<Integer>> handled, Step step) {
            boolean _ = handled.computeIfAbsent(step.order(), _ -> new ConcurrentLinkedQueue<>())
                    .add(step.number());
        }
    }

    private LynxTest start(int concurrency, String... settings) {
        LynxTest.Builder builder = LynxTest.of(new JdbcPlugin(), new OutboxPlugin(), new Handlers(concurrency))
                .with("lynx.jdbc.url", url)
                .with("lynx.outbox.first_pause", "1ms")
                .with("lynx.outbox.longest_pause", "20ms")
                .with("lynx.outbox.attempts", "10000");
        for (int i = 0; i < settings.length; i += 2) {
            builder.with(settings[i], settings[i + 1]);
        }
        LynxTest lynx = builder.start();
        started.add(lynx);
        return lynx;
    }

    @AfterEach
    void close() {
        release.countDown();
        started.forEach(LynxTest::close);
    }

    private static void publish(LynxTest lynx, Topic<Step> topic, String order, int from, int until)
            throws SQLException {
        boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            for (int number = from; number < until; number++) {
                write(lynx, topic, order, number);
            }
            return true;
        });
    }

    private static void write(LynxTest lynx, Topic<Step> topic, String order, int number) {
        assertThat(lynx.application()
                        .events()
                        .publish(topic, new Step(order, number), EventHeaders.NONE.withKey(order))
                        .isAccepted())
                .isTrue();
    }

    private static int rows(LynxTest lynx) throws SQLException {
        return lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM lynx_outbox")) {
                boolean _ = rows.next();
                return rows.getInt(1);
            }
        });
    }

    private void awaitHandled(String order, int events) {
        Await.until(
                events + " events of " + order + " are handled",
                () -> placed.getOrDefault(order, new ConcurrentLinkedQueue<>()).size() >= events);
    }

    @Test
    void aHandlerThatHangsHoldsUpItsKeyAlone() throws Exception {
        LynxTest lynx = start(2);
        publish(lynx, MAILED, "slow", 0, 3);
        Await.until("it hangs", () -> hanging.get() == 1);

        publish(lynx, PLACED, "slow", 3, 4);
        for (int i = 0; i < 40; i++) {
            publish(lynx, MAILED, "quick-" + i, 0, 2);
        }
        publish(lynx, PLACED, "other", 0, 5);

        Await.until("only the events of the key wait", () -> rows(lynx) == 4);
        assertThat(placed).containsOnlyKeys("other");
        assertThat(placed.get("other")).containsExactly(0, 1, 2, 3, 4);

        release.countDown();
        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(mailed.get("slow")).containsExactly(0, 1, 2);
        assertThat(placed.get("slow")).containsExactly(3);
        assertThat(mailed).hasSize(41).allSatisfy((_, numbers) -> assertThat(numbers)
                .doesNotHaveDuplicates());
    }

    @Test
    void aTopicWhoseHandlersHangHidesNoOtherBehindItsBacklog() throws Exception {
        LynxTest lynx = start(1, "lynx.outbox.batch_size", "20", "lynx.outbox.concurrency", "4");
        for (int i = 0; i < 300; i++) {
            publish(lynx, MAILED, "slow-" + i, 0, 1);
        }
        Await.until("they hang", () -> hanging.get() == 1);

        publish(lynx, PLACED, "slow-299", 1, 2);
        publish(lynx, PLACED, "other", 0, 100);
        awaitHandled("other", 100);

        assertThat(placed).containsOnlyKeys("other");
        assertThat(placed.get("other"))
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        release.countDown();
        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(placed.get("slow-299")).containsExactly(1);
        assertThat(mailed).hasSize(300).allSatisfy((_, numbers) -> assertThat(numbers)
                .containsExactly(0));
    }

    @Test
    void aTopicWhoseHandlersAreSlowHidesNoOtherBehindItsBacklog() throws Exception {
        LynxTest lynx = start(1, "lynx.outbox.batch_size", "20");
        for (int i = 0; i < 400; i++) {
            publish(lynx, MAILED, "lame-" + i, 0, 1);
        }

        publish(lynx, PLACED, "other", 0, 10);
        awaitHandled("other", 10);

        assertThat(mailed.size()).isLessThan(350);
        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(mailed).hasSize(400).allSatisfy((_, numbers) -> assertThat(numbers)
                .containsExactly(0));
    }

    @Test
    void aTopicWhoseHandlersFailHidesNoOtherBehindItsBacklog() throws Exception {
        LynxTest lynx = start(4, "lynx.outbox.batch_size", "150");
        isFailing.set(true);
        for (int i = 0; i < 700; i++) {
            publish(lynx, MAILED, "order-" + i, 0, 1);
        }

        publish(lynx, PLACED, "other", 0, 10);
        awaitHandled("other", 10);

        assertThat(mailed).isEmpty();
        isFailing.set(false);
        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(mailed).hasSize(700).allSatisfy((_, numbers) -> assertThat(numbers)
                .containsExactly(0));
    }

    @Test
    void theEventsOfAKeyKeepTheirOrderAcrossTopics() throws Exception {
        LynxTest lynx = start(4, "lynx.outbox.concurrency", "1");
        boolean _ = lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            for (int number = 0; number < 200; number++) {
                write(lynx, number % 2 == 0 ? MAILED : PLACED, "order", number);
                write(lynx, number % 2 == 0 ? PLACED : MAILED, "order-" + number, number);
            }
            return true;
        });

        Await.until("nothing waits", () -> rows(lynx) == 0);
        assertThat(mailed.get("order"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).map(i -> 2 * i).boxed().toList());
        assertThat(placed.get("order"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).map(i -> 2 * i + 1).boxed().toList());
    }

    @Test
    void aStopWaitsForTheHandlerAndMarksItsEvent() throws Exception {
        LynxTest lynx = start(1, "lynx.shutdown.timeout", "60s");
        publish(lynx, MAILED, "slow", 0, 1);
        Await.until("it hangs", () -> hanging.get() == 1);
        // The relay waits for the batch of the event no more.
        publish(lynx, PLACED, "other", 0, 1);
        awaitHandled("other", 1);
        Await.until("the other is marked", () -> rows(lynx) == 1);

        CompletableFuture<ShutdownReport> stopped = CompletableFuture.supplyAsync(lynx::stop);
        assertThat(stopped).failsWithin(Duration.ofMillis(500)).withThrowableOfType(TimeoutException.class);
        release.countDown();
        ShutdownReport report = stopped.get(30, TimeUnit.SECONDS);

        assertThat(report.isClean()).isTrue();
        LynxTest next = start(1);
        Await.until("nothing waits", () -> rows(next) == 0);
        assertThat(mailed.get("slow")).containsExactly(0);
    }

    @Test
    void aStopEndsThoughAHandlerHangsAndItsEventWaits() throws Exception {
        LynxTest lynx = start(1, "lynx.shutdown.timeout", "3s");
        publish(lynx, MAILED, "slow", 0, 2);
        Await.until("it hangs", () -> hanging.get() == 1);

        ShutdownReport report = lynx.stop();

        assertThat(report.isClean()).isFalse();
        release.countDown();
        mailed.clear();
        LynxTest next = start(1);
        Await.until("nothing waits", () -> rows(next) == 0);
        assertThat(mailed.get("slow")).containsExactly(0, 1);
    }

    @Test
    void whatWasHandledBeforeTheEventThatHangsIsMarkedAtOnce() throws Exception {
        LynxTest lynx = start(1, "lynx.shutdown.timeout", "3s");
        publish(lynx, MAILED, "stuck", 0, 22);
        Await.until("it hangs", () -> hanging.get() == 1);

        Await.until("what was handled is marked", () -> rows(lynx) == 2);
        assertThat(lynx.stop().isClean()).isFalse();

        release.countDown();
        LynxTest next = start(1);
        Await.until("nothing waits", () -> rows(next) == 0);
        assertThat(Objects.requireNonNull(mailed.get("stuck")).stream().filter(number -> number < 20))
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void theReportNamesTheTopicWhoseHandlerHangs() throws Exception {
        LynxTest lynx = start(1, "lynx.outbox.max_age", "1s");
        publish(lynx, MAILED, "slow", 0, 1);

        Await.asserted("the outbox is degraded", () -> {
            Health health =
                    lynx.application().health().probe("outbox").orElseThrow().check();
            assertThat(health.status()).isEqualTo(HealthStatus.DEGRADED);
            assertThat(health.error())
                    .matches("the oldest of 1 events waits for \\d+ s; one of business/order.mailed has been with its"
                            + " handlers for \\d+ s");
        });
    }

    @Test
    void theReportTellsWhyEventsFail() throws Exception {
        isFailing.set(true);
        LynxTest lynx = start(1, "lynx.outbox.max_age", "1s");
        publish(lynx, MAILED, "order", 0, 1);

        Await.asserted("the outbox is degraded", () -> assertThat(lynx.application()
                        .health()
                        .probe("outbox")
                        .orElseThrow()
                        .check()
                        .error())
                .matches("the oldest of 1 events waits for \\d+ s; one of business/order.mailed failed:"
                        + " java.lang.IllegalStateException: no mail today"));
    }
}
