package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.app.Application;
import io.lynx.app.ApplicationState;
import io.lynx.event.DurableEvents;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.http.HttpServer;
import io.lynx.http.Routes;
import io.lynx.jdbc.ConnectionHook;
import io.lynx.jdbc.Transactions;
import io.lynx.kafka.RecordHandler;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginFamily;
import io.lynx.redis.CacheLoader;
import io.lynx.redis.MessageHandler;
import io.lynx.security.Authenticator;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.MultipleFailuresError;

/**
 * Every extension point that there is, called by the framework with hostile code: the framework's other work goes on, the culprit is
 * named, requests are answered, and the shutdown ends within its budget. Drivers run beside each other, since most of them wait for
 * a time limit; each looks for a name of its own. A new extension point without a driver fails this test, and
 * so does a new type that users can implement and that is not marked.
 */
@Timeout(300)
final class ExtensionPointsTest {
    private static final Duration BUDGET = Duration.ofSeconds(8);

    /** Extension points without a driver: the modules that are driven here do not call them. */
    private static final Map<Class<?>, List<String>> WITHOUT_CALLER = Map.of(
            Authenticator.class,
            List.of("core", "transport", "http", "admin", "logging"),
            // Work is called on its caller's own thread, as any method that the caller could call itself.
            Transactions.Work.class,
            List.of("core", "transport", "http", "admin", "logging"),
            // A hook is called by the plugin of databases alone, on the thread that borrows a connection.
            ConnectionHook.class,
            List.of("core", "transport", "http", "admin", "logging"),
            // Families are found on the class path before anything starts; each call of one is guarded there.
            PluginFamily.class,
            List.of("transport", "http", "admin", "logging"),
            // A store of durable events is called by its publisher, on the publisher's own thread.
            DurableEvents.class,
            List.of("transport", "http", "admin", "logging"),
            // A transport belongs to a plugin, and the bridge's own tests run with one that fails.
            BridgeTransport.class,
            List.of("transport", "http", "admin", "logging"),
            // A loader is called on its caller's own thread; handlers of messages need a server, with which their
            // plugin's own tests run.
            CacheLoader.class,
            List.of("core", "transport", "http", "admin", "logging"),
            MessageHandler.class,
            List.of("core", "transport", "http", "admin", "logging"),
            RecordHandler.class,
            List.of("core", "transport", "http", "admin", "logging"));

    /** Types that users can implement, that are taken as a parameter, and that are no extension points, each with the reason. */
    private static final Map<String, String> NOT_IMPLEMENTED_BY_USERS = Map.ofEntries(
            Map.entry(
                    "io.lynx.context.ContextSource",
                    "a transport's own view of a request, which does nothing but read headers"),
            Map.entry("io.lynx.extension.UserCode$Action", "the call that the guard itself makes"),
            Map.entry("io.lynx.event.EventBuses", "the framework gives it to a plugin, which passes it to a delivery"),
            Map.entry("io.lynx.http.Request", "the server gives it to an access rule, which passes it on"),
            Map.entry("io.lynx.http.Response", "the server gives it to an access rule, which passes it on"),
            Map.entry("io.lynx.json.TypeOf", "captures a type by an empty anonymous class"),
            Map.entry(
                    "io.lynx.metrics.MetricSource$Samples", "the framework gives it to a source, which may pass it on"),
            Map.entry("io.lynx.plugin.PluginContext", "the framework gives it to a plugin, which passes it on"),
            Map.entry(
                    "io.lynx.testkit.ServerProcess$Attempt",
                    "starts the server of a test, which fails by what it throws"),
            Map.entry("io.lynx.time.Scheduler", "time itself: replaced as a whole in tests"),
            Map.entry("io.lynx.time.Sleeper", "time itself: replaced as a whole in tests"),
            Map.entry("io.lynx.time.Ticker", "time itself: replaced as a whole in tests"));

    private static List<Driver> drivers() {
        return Stream.of(
                        HttpDrivers.all(),
                        RequestDrivers.all(),
                        PredicateDrivers.all(),
                        PluginDrivers.all(),
                        LeadershipDrivers.all(),
                        ClientDrivers.all(),
                        TracerDrivers.all(),
                        RecoveryDrivers.all(),
                        LifecycleDrivers.all())
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void everyExtensionPointHasADriver() throws Exception {
        Set<Class<?>> driven = Stream.concat(drivers().stream(), LifecycleDrivers.ofTheStart().stream())
                .map(Driver::type)
                .filter(type ->
                        !type.getPackage().equals(getClass().getPackage())) // predicates have no type of their own
                .collect(Collectors.toSet());
        Set<Class<?>> marked = FrameworkTypes.load().extensionPoints();

        assertThat(marked).hasSizeGreaterThan(20).containsAll(driven);
        assertThat(marked)
                .filteredOn(type -> !driven.contains(type) && !WITHOUT_CALLER.containsKey(type))
                .as("extension points without a driver")
                .isEmpty();
        for (Map.Entry<Class<?>, List<String>> each : WITHOUT_CALLER.entrySet()) {
            assertThat(FrameworkTypes.callers(each.getKey(), each.getValue()))
                    .as("%s needs a driver now", each.getKey())
                    .isEmpty();
        }
    }

    @Test
    void everyTypeThatUsersImplementIsMarked() throws Exception {
        FrameworkTypes types = FrameworkTypes.load();
        Set<String> marked =
                types.extensionPoints().stream().map(Class::getName).collect(Collectors.toSet());
        Map<String, String> unmarked = types.implementable();
        unmarked.keySet().removeAll(marked);

        assertThat(types.all()).hasSizeGreaterThan(200);
        assertThat(unmarked.keySet())
                .as("types that users can implement, with a method that takes each: %s", unmarked)
                .containsExactlyInAnyOrderElementsOf(NOT_IMPLEMENTED_BY_USERS.keySet());
    }

    @ParameterizedTest
    @EnumSource
    void hostileCodeHarmsNothingElse(Hostility hostility) throws Exception {
        HostileCode code = new HostileCode(hostility);
        List<Driver> drivers = drivers();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (LogRecords logs = LogRecords.open();
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            HttpServer.Builder server = HttpServer.builder().routes(routes -> addRoutes(routes, drivers, code));
            Application.Builder builder = application();
            drivers.forEach(driver -> driver.build(builder, server, code));
            HttpServer http = server.build();
            Application application = builder.plugin(http)
                    .plugin(new Registering(drivers, code))
                    .plugin(new Peer())
                    .build();
            Subject subject = new Subject(application, http, client, code, logs);
            try {
                application.start();
                assertThat(application.state()).isEqualTo(ApplicationState.READY);
                besideEachOther(
                        drivers,
                        driver -> check(failures, driver, () -> {
                            driver.provoke(subject);
                            subject.assertOthersWork();
                        }));
            } finally {
                stop(failures, application);
            }
            besideEachOther(drivers, driver -> check(failures, driver, () -> driver.stopped(subject)));
        } finally {
            code.release();
        }
        if (!failures.isEmpty()) {
            throw new MultipleFailuresError(hostility.toString(), failures);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNTIME_EXCEPTION", "STACK_OVERFLOW", "LINKAGE_ERROR", "UNREADABLE_EXCEPTION", "HANG"})
    void hostileCodeInTheStartIsNamed(Hostility hostility) throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        try (LogRecords logs = LogRecords.open()) {
            besideEachOther(LifecycleDrivers.ofTheStart(), driver -> start(failures, driver, hostility, logs));
        }
        if (!failures.isEmpty()) {
            throw new MultipleFailuresError(hostility.toString(), failures);
        }
    }

    private static void start(List<Throwable> failures, Driver driver, Hostility hostility, LogRecords logs) {
        HostileCode code = new HostileCode(hostility);
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "hostile")
                .set("lynx.startup.timeout", "6s")
                .set("lynx.shutdown.timeout", BUDGET.toSeconds() + "s");
        driver.build(builder, HttpServer.builder(), code);
        Application application = builder.plugin(new Peer()).build();
        try {
            check(failures, driver, () -> {
                Throwable failure = catchThrowable(application::start);

                assertThat(code.calls(driver.type(), driver.method())).isPositive();
                if (driver.method().equals("descriptor")) {
                    assertThat(failure).hasMessageContaining("descriptor");
                } else {
                    assertThat(failure + String.join("\n", logs.lines())).contains(driver.name());
                }
            });
            stop(failures, application);
        } finally {
            code.release();
        }
    }

    private static void besideEachOther(List<Driver> drivers, Consumer<Driver> action) throws InterruptedException {
        List<Thread> threads = drivers.stream()
                .map(driver -> Thread.ofPlatform().name("drives " + driver).start(() -> action.accept(driver)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Application.Builder application() {
        return Application.builder()
                .set("lynx.application.name", "hostile")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.http.request_timeout", "2s")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.admin.allow_changes", "true")
                .set("lynx.health_check.interval", "1s")
                .set("lynx.health_check.timeout", "500ms")
                .set("lynx.shutdown.timeout", BUDGET.toSeconds() + "s")
                .set("lynx.shutdown.plugin_timeout", "1s")
                .set("lynx.error_recovery.recovery_timeout", "2s")
                // Those that hang hold their slots while the others need some.
                .set("lynx.error_recovery.max_concurrent_recoveries", "40")
                .discoverPlugins(true);
    }

    private static void addRoutes(Routes routes, List<Driver> drivers, HostileCode code) {
        Routes _ = routes.get("/ok", (request, response) -> response.send("ok"));
        drivers.forEach(driver -> driver.routes(routes, code));
    }

    private static void check(List<Throwable> failures, Object what, Executable assertions) {
        try {
            assertions.execute();
        } catch (Throwable failure) {
            failures.add(new AssertionError(what + ": " + failure, failure));
        }
    }

    /** Stops an application and asserts that it took no longer than its budget, on a machine that is busy with other work. */
    private static void stop(List<Throwable> failures, Application application) {
        long begin = System.nanoTime();
        Throwable thrown = catchThrowable(() -> {
            var _ = application.stop();
        });
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        check(failures, "shutdown", () -> {
            assertThat(thrown).isNull();
            assertThat(took).isLessThan(BUDGET.plusSeconds(5));
        });
    }

    /** Registers what is registered through the context of a plugin. */
    private record Registering(List<Driver> drivers, HostileCode code) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("registering").requires("http").build();
        }

        @Override
        public void start(PluginContext context) throws Exception {
            for (Driver driver : drivers) {
                driver.start(context, code);
            }
        }
    }

    /** A plugin that works. */
    private static final class Peer implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("peer").build();
        }

        @Override
        public void start(PluginContext context) {}
    }
}
