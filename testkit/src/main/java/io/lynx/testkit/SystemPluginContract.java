package io.lynx.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lynx.app.ApplicationState;
import io.lynx.app.ShutdownReport;
import io.lynx.app.StartException;
import io.lynx.config.ReloadReport;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every plugin for an external system must do, as tests against a real server: a subclass says how to reach the server and how to
 * make a call, and inherits the tests. The plugin is one of {@code io.lynx.plugin.external.ExternalSystemPlugin}, or behaves like it.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SystemPluginContract extends SystemConnectionContract {
    private static final int THREADS = 1_000;
    private static final int AT_A_TIME = 3;

    /** For subclasses. */
    protected SystemPluginContract() {}

    /** A name makes a plugin of its own, with a state, a check and a breaker of its own. */
    @Test
    public void aNameIsAPluginOfItsOwn() throws Exception {
        LynxTest lynx = start();

        call(lynx, NAME);

        assertTrue(lynx.application().plugins().stream()
                .anyMatch(plugin -> plugin.id().equals(id())));
        awaitStatus(lynx, HealthStatus.UP);
        assertTrue(lynx.application().breakers().find(id()).isPresent());
    }

    /** A required system that is not there ends the start with exit code 69; the message names the address and the remedy. */
    @Test
    public void aRequiredSystemThatIsAbsentEndsTheStart() throws Exception {
        server().kill();
        LynxTest lynx = closeLater(application(Map.of("startup", "require"))
                .with("lynx.startup.plugin_timeout", "4s")
                .build());

        StartException failure = assertThrows(StartException.class, lynx::start);

        assertEquals(69, failure.exitCode());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("cannot be reached"), message);
        assertTrue(message.contains(key("startup")), message);
    }

    /** A required system that comes within the time of the start is waited for. */
    @Test
    public void aRequiredSystemThatComesLateIsWaitedFor() throws Exception {
        server().kill();
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<LynxTest> started = other.submit(() -> start(Map.of("startup", "require")));
            server().start();
            LynxTest lynx = started.get(60, TimeUnit.SECONDS);

            call(lynx, NAME);
        }
    }

    /** A system that does not accept the plugin ends the start; the message says so, without the password. */
    @Test
    public void wrongCredentialsEndTheStart() throws Exception {
        LynxTest lynx = closeLater(application(wrongCredentials()).build());

        StartException failure = assertThrows(StartException.class, lynx::start);

        assertEquals(69, failure.exitCode());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.contains("does not accept"), message);
        wrongCredentials().values().forEach(secret -> assertTrue(!message.contains(secret), message));
    }

    /** An application that can start without the system is degraded, and connects when the system comes. */
    @Test
    public void startsWithoutTheSystemAndConnectsLater() throws Exception {
        server().kill();
        LynxTest lynx = start(Map.of("startup", "degrade"));

        assertEquals(ApplicationState.READY, lynx.application().state());
        awaitStatus(lynx, HealthStatus.DOWN);
        Exception refused = assertThrows(Exception.class, () -> call(lynx, NAME));
        assertTrue(hasCause(refused, "NotConnectedException"), refused.toString());
        server().start();
        awaitStatus(lynx, HealthStatus.UP);
        awaitCall(lynx);
    }

    /** Health notices a frozen server by its own time limit, shows where the system is, and keeps the instance in the traffic. */
    @Test
    public void healthNoticesAFrozenServer() throws Exception {
        LynxTest lynx = start();
        awaitStatus(lynx, HealthStatus.UP);
        assertTrue(check(lynx).data().containsKey("address"), check(lynx).data().toString());

        server().freeze();

        awaitStatus(lynx, HealthStatus.DOWN);
        assertEquals(
                HealthStatus.DEGRADED, lynx.application().health().snapshot().status(Group.READINESS));
        server().thaw();
        awaitStatus(lynx, HealthStatus.UP);
    }

    /** Calls are counted. */
    @Test
    public void callsAreCounted() throws Exception {
        LynxTest lynx = start();
        double before = lynx.metrics().sum(callMetric());

        call(lynx, NAME);

        assertTrue(lynx.metrics().sum(callMetric()) > before);
    }

    /** Answers that refuse a call do not count against the breaker. */
    @Test
    public void refusedCallsDoNotOpenTheBreaker() throws Exception {
        LynxTest lynx = start();

        for (int i = 0; i < 20; i++) {
            Exception _ = assertThrows(Exception.class, () -> rejectedCall(lynx, NAME));
        }

        assertEquals(CircuitBreakerState.CLOSED, breaker(lynx));
    }

    /** An outage opens the breaker, which then refuses calls at once; when the system returns, health and breaker recover without calls. */
    @Test
    public void recoversFromAnOutage() throws Exception {
        LynxTest lynx = start();
        call(lynx, NAME);

        server().kill();
        Await.until("the breaker refuses calls", PATIENCE, () -> failedCalls(lynx).stream()
                .anyMatch(SystemPluginFixture::isRefusal));
        awaitStatus(lynx, HealthStatus.DOWN);
        server().start();
        awaitStatus(lynx, HealthStatus.UP);
        Await.until("the breaker is closed", PATIENCE, () -> breaker(lynx) == CircuitBreakerState.CLOSED);
        awaitCall(lynx);
        assertEquals(
                0,
                lynx.application().plugins().stream()
                        .filter(plugin -> plugin.id().equals(id()))
                        .findFirst()
                        .orElseThrow()
                        .restarts());
    }

    /** Makes some calls at a time, since each may take its time to fail. */
    private List<Exception> failedCalls(LynxTest lynx) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Exception>> calls = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                calls.add(threads.submit(() -> assertThrows(Exception.class, () -> call(lynx, NAME))));
            }
            List<Exception> failures = new ArrayList<>();
            for (Future<Exception> call : calls) {
                failures.add(call.get(60, TimeUnit.SECONDS));
            }
            return failures;
        }
    }

    /** Connections that the server has ended are replaced. */
    @Test
    public void recoversFromDroppedConnections() throws Exception {
        LynxTest lynx = start();
        call(lynx, NAME);

        server().dropConnections();

        awaitCall(lynx);
    }

    /** A call in progress is waited for by the shutdown. */
    @Test
    public void theShutdownWaitsForCalls() throws Exception {
        LynxTest lynx = start();
        awaitCall(lynx);
        Await.until("the server is idle", PATIENCE, () -> slowCallsAtServer() == 0);
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> call = other.submit(action(() -> slowCall(lynx, NAME, Duration.ofSeconds(1))));
            Await.until("the server works", PATIENCE, () -> slowCallsAtServer() == 1);

            ShutdownReport report = lynx.stop();

            call.get(20, TimeUnit.SECONDS);
            assertTrue(report.isClean(), report.toString());
        }
    }

    /** A call that does not end in the time of the shutdown is cut off, and the report names its holder. */
    @Test
    public void theShutdownReportsWhatItCutsOff() throws Exception {
        LynxTest lynx = closeLater(application(Map.of())
                // A fifth of it is left when the call has been cut off.
                .with("lynx.shutdown.plugin_timeout", "4s")
                .build());
        var _ = lynx.start();
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> call =
                    other.submit(action(() -> request("GET /reports", null, () -> slowCall(lynx, NAME, PATIENCE))));
            Await.until("the server works", PATIENCE, () -> slowCallsAtServer() == 1);

            ShutdownReport report = lynx.stop();

            Exception _ = assertThrows(Exception.class, () -> call.get(20, TimeUnit.SECONDS));
            assertTrue(
                    report.plugins().stream()
                            .anyMatch(plugin -> plugin.id().equals(id())
                                    && String.valueOf(plugin.failure()).contains("GET /reports")),
                    report.toString());
        }
    }

    /** A call ends at the deadline of its request, and so does its work at the server; later calls are not affected. */
    @Test
    public void callsEndAtTheDeadlineOfTheRequest() throws Exception {
        LynxTest lynx = start();
        Ticker ticker = Ticker.system();
        long began = ticker.nanos();

        Exception _ = assertThrows(
                Exception.class,
                () -> request(
                        "GET /slow",
                        Deadline.after(Duration.ofMillis(300), ticker),
                        () -> slowCall(lynx, NAME, PATIENCE)));

        assertTrue(Duration.ofNanos(ticker.nanos() - began).compareTo(PATIENCE.dividedBy(2)) < 0);
        Await.until("the server has ended it", PATIENCE, () -> slowCallsAtServer() == 0);
        assertEquals(CircuitBreakerState.CLOSED, breaker(lynx));
        call(lynx, NAME);
    }

    /** Many threads share few connections. */
    @Test
    public void aThousandThreadsShareAFewConnections() throws Exception {
        LynxTest lynx = start();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                calls.add(threads.submit(action(() -> call(lynx, NAME))));
            }
            for (Future<?> call : calls) {
                call.get(60, TimeUnit.SECONDS);
            }
        }
        assertEquals(CircuitBreakerState.CLOSED, breaker(lynx));
    }

    /** A reload puts other credentials in force, without a restart. */
    @Test
    public void aReloadRotatesCredentials() throws Exception {
        LynxTest lynx = start();
        call(lynx, NAME);

        Map<String, String> section = new LinkedHashMap<>(configuration());
        section.putAll(rotateCredentials());
        configure(section);
        ReloadReport report = lynx.application().reload();

        assertEquals(List.of(), report.restartRequired());
        server().dropConnections();
        awaitCall(lynx);
        awaitStatus(lynx, HealthStatus.UP);
    }
}
