package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.metrics.Metric;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a plugin forgets to close is named at the end of the test. */
@Isolated
class LeftoversTest {
    private static final Duration SHORT = Duration.ofSeconds(6);

    private static final Metric WAITING = Metric.gauge("orders_waiting", "Orders that wait.", "queue");

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void letThreadsEnd() {
        end.countDown();
    }

    private void linger() {
        try {
            end.await();
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertCloseFails(LynxTest lynx, String... parts) {
        assertThatThrownBy(lynx::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the application did not end cleanly:\n  - ")
                .hasMessageContainingAll(parts);
    }

    @Test
    void namesAPlatformThreadWithItsPluginAndItsFrame() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting(
                        "orders",
                        _ -> Thread.ofPlatform().name("orders-poller").daemon().start(this::linger)))
                .patience(SHORT)
                .start();

        assertCloseFails(
                lynx,
                "thread 'orders-poller' of plugin 'orders' still runs, at"
                        + " io.lynx.testkit.LeftoversTest.linger(LeftoversTest.java:");
    }

    @Test
    void namesAVirtualThreadThatNoContextMade() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting(
                        "orders", _ -> Thread.ofVirtual().name("orders-virtual").start(this::linger)))
                .patience(SHORT)
                .start();

        assertCloseFails(
                lynx,
                "thread 'orders-virtual' of plugin 'orders' still runs, at"
                        + " io.lynx.testkit.LeftoversTest.linger(LeftoversTest.java:");
    }

    @Test
    void namesAThreadOfTheContextThatIgnoresTheInterrupt() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", context -> context.threads()
                        .newThread(this::lingerThroughInterrupts)
                        .start()))
                .patience(SHORT)
                .start();

        assertCloseFails(lynx, "thread 'lynx-orders-1' of plugin 'orders' did not end when the plugin stopped");
    }

    private void lingerThroughInterrupts() {
        while (end.getCount() > 0) {
            linger();
            boolean _ = Thread.interrupted();
        }
    }

    @Test
    void threadsMayBeIgnored() {
        LynxTest.of(FakePlugin.starting(
                        "orders",
                        _ -> Thread.ofPlatform().name("driver-7").daemon().start(this::linger)))
                .ignoreThreads("driver-\\d+")
                .start()
                .close();
    }

    @Test
    void namesAListeningSocket() throws Exception {
        AtomicReference<ServerSocket> opened = new AtomicReference<>();
        LynxTest lynx = LynxTest.of(
                        FakePlugin.named("innocent"),
                        FakePlugin.starting("orders", _ -> opened.set(new ServerSocket(0))))
                .patience(SHORT)
                .start();

        try (ServerSocket socket = opened.get()) {
            assertCloseFails(lynx, "port " + socket.getLocalPort() + " still listens", "start of plugin '", "orders'");
        }
    }

    @Test
    void namesTheListenerThatDidNotClose() {
        JdkListener listener = new JdkListener("web", false);
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", context -> context.traffic(listener)))
                .patience(SHORT)
                .start();
        int port = lynx.port();

        assertCloseFails(lynx, "port " + port + " still listens", "it belongs to the listener 'web'");
        listener.closeReally();
    }

    @Test
    void namesAMetricSource() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", LeftoversTest::addSource))
                .patience(SHORT)
                .start();

        assertCloseFails(
                lynx,
                "metric source 'orders.pool' is still registered; it appeared during the start of plugin 'orders'");
    }

    private static void addSource(PluginContext context) {
        var _ = context.metrics().registry().source("orders.pool", _ -> {});
    }

    @Test
    void namesAGaugeThatAStoppedPluginHasNotDropped() {
        LynxTest lynx = LynxTest.of(
                        FakePlugin.named("innocent"),
                        FakePlugin.starting(
                                // A gauge that appears while two plugins start is attributed to both.
                                PluginDescriptor.of("orders")
                                        .requires("innocent")
                                        .build(),
                                LeftoversTest::setGauge))
                .patience(SHORT)
                .start();

        assertCloseFails(
                lynx,
                "gauge 'orders_waiting' still shows its last value; it appeared during the start of plugin 'orders'");
    }

    @Test
    void namesAGaugeOfTheCatalogueThatAPluginHasSetWhileItRan() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders")).patience(SHORT).start();
        lynx.context("orders").metrics().recordCacheSize("prices", 7);

        assertCloseFails(lynx, "gauge 'lynx_cache_size' still shows its last value");
    }

    @Test
    void aGaugeThatItsPluginDropsIsNotLeft() {
        AtomicReference<PluginContext> started = new AtomicReference<>();
        LynxTest.of(FakePlugin.starting("orders", context -> {
                            setGauge(context);
                            started.set(context);
                        })
                        .stopping(_ -> started.get().metrics().registry().forget(WAITING, "mail")))
                .start()
                .close();
    }

    @Test
    void countersOfAStoppedPluginStay() {
        LynxTest.of(FakePlugin.starting("orders", context -> context.metrics()
                        .registry()
                        .counter(Metric.counter("orders_total", "Orders."))
                        .increment()))
                .start()
                .close();
    }

    private static void setGauge(PluginContext context) {
        context.metrics().registry().gauge(WAITING, "mail").set(3);
    }

    @Test
    void whatTheContextOwnsIsNotLeft() {
        LynxTest.of(FakePlugin.starting("orders", context -> {
                    context.metricSource("orders.pool", _ -> {});
                    context.own(new ServerSocket(0));
                    context.threads().newThread(this::linger).start();
                }))
                .start()
                .close();
    }

    @Test
    void anUncleanShutdownFailsTheTestWithTheCulprit() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders").stopping(_ -> {
                    throw new IllegalStateException("disk full");
                }))
                .start();

        assertCloseFails(lynx, "plugin 'orders' failed to stop: java.lang.IllegalStateException: disk full");
    }

    @Test
    void aReportThatTheTestHasReadDoesNotFailIt() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders").stopping(_ -> {
                    throw new IllegalStateException("disk full");
                }))
                .start();

        assertThat(lynx.stop().plugins().getFirst().failure()).contains("disk full");
        lynx.close();
    }

    @Test
    void everythingIsNamedAtOnce() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", context -> {
                            addSource(context);
                            Thread.ofPlatform().name("orders-poller").daemon().start(this::linger);
                        })
                        .stopping(_ -> {
                            throw new IllegalStateException("disk full");
                        }))
                .start();

        assertCloseFails(lynx, "disk full", "orders-poller", "orders.pool");
    }

    @Test
    void aThreadThatEndsSoonIsNotLeft() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", _ -> Thread.ofPlatform()
                                .name("orders-poller")
                                .daemon()
                                .start(this::linger))
                        .stopping(_ -> end.countDown()))
                .patience(SHORT)
                .start();
        lynx.close();
    }

    @Test
    void oneTestDoesNotReportTheThreadsOfAnother() {
        try (LynxTest other = LynxTest.of(FakePlugin.starting("other", context -> {
                    context.traffic(new JdkListener("http"));
                    context.threads().newThread(this::linger).start();
                }))
                .start()) {
            LynxTest.of(FakePlugin.named("orders")).start().close();
            assertThat(other.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aForgottenTestNamesItsPlace() {
        ForgottenTest forgotten = ForgottenTest.register();
        forgotten.unregister();

        assertThat(forgotten.message())
                .startsWith("LynxTest: the application that was started at io.lynx.testkit.LeftoversTest."
                        + "aForgottenTestNamesItsPlace(LeftoversTest.java:")
                .endsWith("was never stopped; close it, use try-with-resources, or let LynxExtension do it");
    }

    @Test
    void restartsLeaveNothingBehind() {
        try (LynxTest lynx = LynxTest.of(
                        FakePlugin.starting("web", context -> context.traffic(new JdkListener("http"))))
                .manualTime()
                .start()) {
            int before = lynx.port();
            lynx.restart();
            assertThat(lynx.port()).isPositive();
            assertThat(OpenedThings.listeningPorts()).noneMatch(port -> port.startsWith("port " + before + " "));
        }
    }
}
