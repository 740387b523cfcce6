package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.ApplicationState;
import io.lynx.app.LynxTopics;
import io.lynx.app.ShutdownReport;
import io.lynx.app.StartException;
import io.lynx.config.ConfigurationException;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.event.Topic;
import io.lynx.extension.ResourceKey;
import io.lynx.health.Health;
import io.lynx.health.HealthStatus;
import io.lynx.metrics.Metric;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LynxTestTest {
    private static final ResourceKey<String> GREETING = ResourceKey.of("greeting", String.class);
    private static final Topic<String> GREETED = Topic.of("business", "person.greeted", String.class);

    /** The configuration of the plugin {@code greeter}. */
    record Greeter(@Default("Hello") @Doc("What it says.") String greeting) {}

    private static FakePlugin greeter() {
        return FakePlugin.starting(
                PluginDescriptor.of("greeter").config("greeter", Greeter.class).build(),
                context -> context.share(GREETING, context.config(Greeter.class).greeting()));
    }

    @Test
    void startsAPluginWithItsDefaultsAndStopsIt() {
        LynxTest lynx = LynxTest.of(greeter()).start();

        assertThat(lynx.application().state()).isEqualTo(ApplicationState.READY);
        assertThat(lynx.resource(GREETING)).isEqualTo("Hello");
        assertThat(lynx.context("greeter").id()).isEqualTo("greeter");
        lynx.close();

        assertThat(lynx.application().state()).isEqualTo(ApplicationState.STOPPED);
    }

    @Test
    void aValueOfTheTestWins() {
        try (LynxTest lynx =
                LynxTest.of(greeter()).with("greeter.greeting", "Ahoy").start()) {
            assertThat(lynx.resource(GREETING)).isEqualTo("Ahoy");
        }
    }

    @Test
    void aWrongConfigurationIsReportedAsInProduction() {
        LynxTest lynx = LynxTest.of(greeter()).with("greeter.greting", "Ahoy").build();

        assertThatThrownBy(lynx::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("greeter.greting");
        lynx.close();
    }

    @Test
    void takesMilliseconds(TestReporter reporter) {
        LynxTest lynx = LynxTest.of(FakePlugin.named("small")).manualTime().build();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long from = Ticker.system().nanos();
            lynx.start();
            ShutdownReport _ = lynx.stop();
            best = Math.min(best, Ticker.system().nanos() - from);
        }
        lynx.close();

        reporter.publishEntry("best start and stop of an application with one plugin, µs", String.valueOf(best / 1000));
        assertThat(best).isPositive();
    }

    @Test
    void manualTimeMovesTheWholeApplication() {
        List<Instant> ran = new CopyOnWriteArrayList<>();
        FakePlugin plugin = FakePlugin.starting("clock", context -> context.scheduler()
                .after(Duration.ofHours(1), () -> ran.add(context.clock().instant())));
        try (LynxTest lynx = LynxTest.of(plugin).manualTime().start()) {
            Instant began = lynx.application().startedAt();

            lynx.advance(Duration.ofMinutes(59));
            assertThat(ran).isEmpty();

            lynx.advance(Duration.ofMinutes(1));
            Await.until("the task has run", () -> !ran.isEmpty());
            assertThat(ran).containsExactly(began.plus(Duration.ofHours(1)));
            assertThat(lynx.application().uptime()).isEqualTo(Duration.ofHours(1));
        }
    }

    @Test
    void aDrainDelayEndsWithoutAdvanceOnManualTime() {
        FakePlugin plugin = FakePlugin.starting("web", context -> context.traffic(new JdkListener("http")));
        try (LynxTest lynx = LynxTest.of(plugin)
                .with("lynx.shutdown.drain_delay", "10s")
                .manualTime()
                .start()) {
            assertThat(lynx.stop().took()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    void refusesToMoveRealTime() {
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            assertThatThrownBy(() -> lynx.advance(Duration.ofSeconds(1)))
                    .hasMessage("time: the test is on real time; call manualTime() when you build it");
        }
    }

    @Test
    void sendsRequestsToTheService() {
        FakePlugin web = FakePlugin.starting("web", context -> {
            context.traffic(new JdkListener("management"));
            context.traffic(new JdkListener("http"));
        });
        try (LynxTest lynx = LynxTest.of(web).start()) {
            assertThat(lynx.get("/orders?page=2").body()).isEqualTo("GET /orders?page=2 null ");
            assertThat(lynx.get("/").header("answered-by")).contains("http");
            assertThat(lynx.post("/orders", "{\"id\":1}").body()).isEqualTo("POST /orders application/json {\"id\":1}");
            assertThat(lynx.put("/fault", "down").body()).isEqualTo("PUT /fault text/plain; charset=utf-8 down");
            assertThat(lynx.delete("/orders/1").status()).isEqualTo(200);
            assertThat(lynx.get(lynx.url("management").toString()).header("answered-by"))
                    .contains("management");
            assertThat(lynx.url()).isEqualTo(URI.create("http://localhost:" + lynx.port()));
            assertThat(lynx.port("management")).isNotEqualTo(lynx.port("http"));
        }
    }

    @Test
    void namesTheOpenListeners() {
        FakePlugin web = FakePlugin.starting("web", context -> context.traffic(new JdkListener("grpc")));
        try (LynxTest lynx = LynxTest.of(web).start()) {
            assertThat(lynx.url()).isEqualTo(lynx.url("grpc"));
            assertThatThrownBy(() -> lynx.url("http"))
                    .hasMessageStartingWith("listener 'http': is not open; open are {grpc=[http://localhost:");
        }
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            assertThatThrownBy(() -> lynx.get("/"))
                    .hasMessage("listener 'http': is not open; the application has no listener");
        }
    }

    @Test
    void capturesEvents() {
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            lynx.context("greeter").events().publish(GREETED, "Ada");
            lynx.context("greeter").events().publish(GREETED, "Grace");

            assertThat(lynx.events().await(GREETED, name -> name.startsWith("G")))
                    .isEqualTo("Grace");
            assertThat(lynx.events().received(GREETED)).containsExactly("Ada", "Grace");
            PluginEvent changed = lynx.events().await(LynxTopics.PLUGIN);
            assertThat(changed.plugin().descriptor().id()).isEqualTo("greeter");
        }
    }

    @Test
    void capturesWhatIsPublishedDuringTheStart() {
        FakePlugin early =
                FakePlugin.starting("early", context -> context.events().publish(GREETED, "Ada"));
        try (LynxTest lynx = LynxTest.of(early).start()) {
            assertThat(lynx.events().await(GREETED)).isEqualTo("Ada");
        }
    }

    @Test
    void capturesErrorsAndRecoveries() {
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            lynx.context("greeter").recovery().recordError(new IllegalStateException("out of words"));

            assertThat(lynx.errors().await("greeter").message()).contains("out of words");
            assertThat(lynx.errors().of("other")).isEmpty();
        }
    }

    @Test
    void capturesLogLines() {
        FakePlugin chatty = FakePlugin.starting("chatty", _ -> LoggerFactory.getLogger("shop.Orders")
                .atWarn()
                .addKeyValue("order", 5)
                .setCause(new IllegalStateException("no stock"))
                .log("Order {} rejected", 5));
        try (LynxTest lynx = LynxTest.of(chatty).start()) {
            LogLine line = lynx.logs().await("Order 5 rejected");

            assertThat(line.toString())
                    .isEqualTo("WARN shop.Orders: Order 5 rejected {order=5}"
                            + " (java.lang.IllegalStateException: no stock)");
            assertThat(lynx.logs().atLeast(Level.WARN)).containsExactly(line);
        }
        LoggerFactory.getLogger("shop.Orders").warn("after the end");
    }

    @Test
    void javaLoggingIsCapturedWhereItIsTheBackEnd() {
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        var tap = LogTap.openJavaLogging(lines::add);

        Logger.getLogger("shop.Orders").warning("Order 5 rejected");
        tap.close();
        Logger.getLogger("shop.Orders").warning("Order 6 rejected");

        assertThat(lines).extracting(LogLine::toString).containsExactly("WARN shop.Orders: Order 5 rejected");
    }

    @Test
    void readsMetrics() {
        Metric placed = Metric.counter("shop_orders_placed_total", "Orders placed.", "kind");
        FakePlugin orders = FakePlugin.starting("orders", context -> {
            context.metrics().registry().counter(placed, "gift").increment();
            context.metrics().registry().counter(placed, "plain").add(2);
        });
        try (LynxTest lynx = LynxTest.of(orders).start()) {
            MeasuredValues metrics = lynx.metrics();

            assertThat(metrics.value("shop_orders_placed_total", "kind", "plain"))
                    .isEqualTo(2);
            assertThat(metrics.sum("shop_orders_placed_total")).isEqualTo(3);
            assertThat(metrics.find("shop_orders_placed_total", "kind", "none")).isEmpty();
            assertThat(metrics.lines("shop_orders_placed_total")).hasSize(2);
            assertThatThrownBy(() -> metrics.value("shop_orders_placed_total"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("metric shop_orders_placed_total{}: 2 series fit; of this metric there are"
                            + " [{kind=gift} 1.0, {kind=plain} 2.0]");
        }
    }

    @Test
    void injectsFaultsIntoStarts() {
        AtomicInteger starts = new AtomicInteger();
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", _ -> starts.incrementAndGet()))
                .build();
        lynx.faults().failStart("orders", new IllegalStateException("no database"));

        assertThatThrownBy(lynx::start).isInstanceOf(StartException.class).hasRootCauseMessage("no database");
        assertThat(starts).hasValue(0);

        lynx.faults().clear();
        lynx.start();

        assertThat(starts).hasValue(1);
        lynx.close();
    }

    @Test
    void injectsFaultsIntoHealthChecks() {
        try (LynxTest lynx = LynxTest.of(greeter())
                .with("lynx.health_check.interval", "10s")
                .with("lynx.health_check.failure_threshold", "1")
                .manualTime()
                .start()) {
            lynx.faults().health("greeter", Health.down("hoarse"));
            Await.until("the check fails", () -> statusAfterAnInterval(lynx) == HealthStatus.DOWN);

            lynx.faults().clear();
            Await.until("the check passes", () -> statusAfterAnInterval(lynx) == HealthStatus.UP);
        }
    }

    private static HealthStatus statusAfterAnInterval(LynxTest lynx) {
        lynx.advance(Duration.ofSeconds(10));
        return lynx.application()
                .health()
                .snapshot()
                .check("greeter")
                .orElseThrow()
                .status();
    }

    @Test
    void injectsFaultsIntoStops() {
        LynxTest lynx = LynxTest.of(greeter()).start();
        lynx.faults().failStop("greeter", new IllegalStateException("still talking"));

        ShutdownReport report = lynx.stop();

        assertThat(report.plugins()).singleElement().satisfies(plugin -> assertThat(plugin.failure())
                .contains("still talking"));
        lynx.close();
    }

    @Test
    void opensBreakers() {
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            lynx.faults().openBreaker("database");

            assertThatThrownBy(
                            () -> lynx.application().breakers().get("database").call(() -> "rows"))
                    .isInstanceOf(CircuitBreakerOpenException.class);

            lynx.faults().closeBreaker("database");
            assertThat(lynx.application().breakers().get("database").state().name())
                    .isEqualTo("CLOSED");
        }
    }

    @Test
    void jumpsTheWallClockOnly() {
        try (LynxTest lynx = LynxTest.of(greeter()).manualTime().start()) {
            Instant before = lynx.context("greeter").clock().instant();

            lynx.faults().jumpWallClock(Duration.ofHours(-3));

            assertThat(lynx.context("greeter").clock().instant()).isEqualTo(before.minus(Duration.ofHours(3)));
            assertThat(lynx.application().uptime()).isZero();
        }
    }

    @Test
    void replacesAPluginById() {
        FakePlugin fake = FakePlugin.starting("greeter", context -> context.share(GREETING, "fake"));
        try (LynxTest lynx = LynxTest.of(greeter()).replace(fake).start()) {
            assertThat(lynx.resource(GREETING)).isEqualTo("fake");
        }
    }

    @Test
    void restartsOnePluginAndTheWholeApplication() {
        AtomicInteger starts = new AtomicInteger();
        try (LynxTest lynx = LynxTest.of(FakePlugin.starting("counted", _ -> starts.incrementAndGet()))
                .manualTime()
                .start()) {
            lynx.restart("counted");
            assertThat(starts).hasValue(2);

            var before = lynx.application();
            lynx.restart();
            assertThat(starts).hasValue(3);
            assertThat(lynx.application()).isNotSameAs(before);
        }
    }

    @Test
    void refusesASecondStart() {
        try (LynxTest lynx = LynxTest.of(greeter()).start()) {
            assertThatThrownBy(lynx::start).hasMessage("application: is running; stop it first");
        }
    }

    @Test
    void closingATestThatNeverStartedDoesNothing() {
        LynxTest.of(greeter()).build().close();
    }

    @Test
    void aWholeApplicationReadsItsConfiguration() {
        try (LynxTest lynx = LynxTest.application(app -> app.plugin(greeter()))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.2.3")
                .start()) {
            assertThat(lynx.application().identity().name()).isEqualTo("shop");
        }
    }

    @Test
    void twoRunAtTheSameTime() {
        FakePlugin one = FakePlugin.starting("one", context -> {
            LoggerFactory.getLogger("one").warn("from one");
            context.traffic(new JdkListener("http"));
        });
        FakePlugin two = FakePlugin.starting("two", context -> {
            LoggerFactory.getLogger("two").warn("from two");
            context.traffic(new JdkListener("http"));
        });
        try (LynxTest first = LynxTest.of(one).start();
                LynxTest second = LynxTest.of(two).start()) {
            assertThat(first.port()).isNotEqualTo(second.port());
            assertThat(first.logs().containing("from")).hasSize(1);
            assertThat(second.logs().containing("from"))
                    .extracting(LogLine::message)
                    .containsExactly("from two");
            first.close();
            assertThat(second.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void deadlinesOfTheApplicationAreOnItsTime() {
        AtomicInteger left = new AtomicInteger();
        FakePlugin plugin = FakePlugin.named("any")
                .stopping((Deadline deadline) ->
                        left.set((int) deadline.remaining().toSeconds()));
        try (LynxTest lynx = LynxTest.of(plugin).manualTime().start()) {
            lynx.advance(Duration.ofDays(1));
        }
        assertThat(left.get()).isPositive();
    }
}
