package io.lynx.systemtest.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.SystemTests;
import io.lynx.systemtest.app.FleetService;
import io.lynx.systemtest.fleet.Customers.Outcome;
import io.lynx.systemtest.fleet.LoadBalancer.Kind;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several instances behind a real load balancer, with the framework's default windows and breaker times, under load throughout.
 * The quick form shortens the interval of the health checks and tests one outage.
 */
@Timeout(600)
final class FleetTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final boolean FULL = SystemTests.areFull();
    private static final Duration CHECK_INTERVAL = FULL ? Duration.ofSeconds(30) : Duration.ofSeconds(5);
    private static final String INDEPENDENT = "/faults/database";
    private static final String DEPENDENT = "/orders";

    private static Launch orders(int port) {
        return Launch.of(io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(
                        "--lynx.http.host=127.0.0.1",
                        "--lynx.http.port=" + port,
                        "--lynx.metrics.prometheus.host=127.0.0.1",
                        "--lynx.metrics.prometheus.port=0",
                        // The example shortens these; here the framework's defaults are tested.
                        "--lynx.health_check.interval=" + CHECK_INTERVAL.toSeconds() + "s",
                        "--lynx.health_check.failure_threshold=3",
                        "--lynx.error_recovery.error_window=60s",
                        "--lynx.circuit_breaker.breakers.jdbc.orders.timeout=60s",
                        "--lynx.circuit_breaker.breakers.jdbc.orders.half_open_limit=3",
                        "--lynx.shutdown.drain_delay=2s");
    }

    private static Launch faulty(int port) {
        return Launch.of(FleetService.class).withoutClassPath("/examples/").file("config.yml", """
            lynx:
              application: {name: fleet, version: 1.0.0}
              http: {host: 127.0.0.1, port: %d}
              metrics: {prometheus: {host: 127.0.0.1, port: 0}}
            """.formatted(port));
    }

    static Stream<Arguments> outages() {
        return FULL
                ? Stream.of(5, 30, 90)
                        .flatMap(seconds -> Stream.of(Kind.values()).map(kind -> Arguments.of(kind, seconds)))
                : Stream.of(Arguments.of(Kind.HAPROXY, 9));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void anOutageOfADependencyTakesNoInstanceOutOfTraffic(Kind kind, int seconds) throws Exception {
        try (Fleet fleet = Fleet.start(2, FleetTest::orders);
                LoadBalancer balancer = LoadBalancer.start(kind, fleet.ports());
                Customers independent = Customers.of(balancer.url() + INDEPENDENT, 20);
                Customers dependent = Customers.of(balancer.url() + DEPENDENT, 20);
                ReadyWatch watch = ReadyWatch.of(fleet)) {
            awaitSuccess(dependent, System.nanoTime(), Duration.ofSeconds(90));

            fleet.sendAll("PUT", "/faults/database", "down");
            Thread.sleep(Duration.ofSeconds(seconds));
            long upNanos = System.nanoTime();
            fleet.sendAll("PUT", "/faults/database", "up");
            Duration took = awaitSuccess(dependent, upNanos, CHECK_INTERVAL.multipliedBy(2));
            // Each instance has two intervals; after them, what the outage might still do to the instances later.
            long settled = upNanos + CHECK_INTERVAL.multipliedBy(3).toNanos();
            Thread.sleep(Duration.ofNanos(settled - System.nanoTime()).plus(CHECK_INTERVAL));

            assertThat(watch.least()).isEqualTo(2);
            assertThat(independent.stop())
                    .filteredOn(outcome -> !outcome.isOk())
                    .isEmpty();
            dependent.stop();
            assertThat(dependent.failures(settled, System.nanoTime())).isEmpty();
            assertThat(took).isLessThanOrEqualTo(CHECK_INTERVAL.multipliedBy(2));
            for (int i = 0; i < fleet.size(); i++) {
                JsonNode health =
                        JSON.readTree(fleet.send(i, "GET", "/health/ready", "").body());
                assertThat(health.path("status").asText()).isEqualTo("UP");
                // Errors count for a minute, so that their check may be DOWN for longer than the outage.
                assertThat(health.path("checks"))
                        .isNotEmpty()
                        .filteredOn(check -> !check.path("name").asText().equals("lynx.recovery"))
                        .noneMatch(check -> check.toString().contains("\"DOWN\""));
            }
            assertNoneIsQuarantined(fleet);
        }
    }

    @Test
    void aRouteThatAlwaysThrowsTakesNoInstanceOutOfTraffic() throws Exception {
        try (Fleet fleet = Fleet.start(2, FleetTest::faulty);
                LoadBalancer balancer = LoadBalancer.start(Kind.HAPROXY, fleet.ports());
                Customers works = Customers.of(balancer.url() + "/works", 20);
                ReadyWatch watch = ReadyWatch.of(fleet)) {
            awaitSuccess(works, System.nanoTime(), Duration.ofSeconds(90));

            try (Customers fails = Customers.of(balancer.url() + "/throws", 50)) {
                Thread.sleep(Duration.ofSeconds(FULL ? 90 : 8));
                assertThat(fails.stop()).hasSizeGreaterThan(100).allMatch(outcome -> outcome.status() == 500);
            }

            assertThat(watch.least()).isEqualTo(2);
            assertThat(works.stop()).filteredOn(outcome -> !outcome.isOk()).isEmpty();
            assertNoneIsQuarantined(fleet);
        }
    }

    @Test
    void aJobThatAlwaysThrowsTakesNoInstanceOutOfTraffic() throws Exception {
        try (Fleet fleet = Fleet.start(2, port -> faulty(port).options("-Djob=true"));
                LoadBalancer balancer = LoadBalancer.start(Kind.HAPROXY, fleet.ports());
                Customers works = Customers.of(balancer.url() + "/works", 20);
                ReadyWatch watch = ReadyWatch.of(fleet)) {
            awaitSuccess(works, System.nanoTime(), Duration.ofSeconds(90));

            // The long form exceeds every window of errors and of restarts.
            Thread.sleep(Duration.ofSeconds(FULL ? 330 : 8));

            Await.asserted("the job runs on both", () -> assertThat(fleet.values("lynx_job_runs_total"))
                    .hasSize(2)
                    .allMatch(runs -> runs > 40));
            assertThat(fleet.values("lynx_plugin_restarts_total")).allMatch(restarts -> restarts == 0);
            assertThat(watch.least()).isEqualTo(2);
            assertThat(works.stop()).filteredOn(outcome -> !outcome.isOk()).isEmpty();
            assertNoneIsQuarantined(fleet);
        }
    }

    @Test
    void aSlowDependencyDelaysOnlyWhatNeedsIt() throws Exception {
        try (Fleet fleet = Fleet.start(2, FleetTest::orders);
                LoadBalancer balancer = LoadBalancer.start(Kind.HAPROXY, fleet.ports());
                Customers independent = Customers.of(balancer.url() + INDEPENDENT, 20);
                Customers dependent = Customers.of(balancer.url() + DEPENDENT, 5);
                ReadyWatch watch = ReadyWatch.of(fleet)) {
            awaitSuccess(dependent, System.nanoTime(), Duration.ofSeconds(90));

            fleet.sendAll("PUT", "/faults/database", "slow");
            Thread.sleep(Duration.ofSeconds(FULL ? 60 : 8));
            fleet.sendAll("PUT", "/faults/database", "up");
            awaitSuccess(dependent, System.nanoTime(), CHECK_INTERVAL.multipliedBy(2));

            assertThat(watch.least()).isEqualTo(2);
            assertThat(independent.stop())
                    .filteredOn(outcome -> !outcome.isOk())
                    .isEmpty();
        }
    }

    @Test
    void aRollingRestartLosesNoRequest() throws Exception {
        try (Fleet fleet = Fleet.start(3, FleetTest::orders);
                LoadBalancer balancer = LoadBalancer.start(Kind.HAPROXY, fleet.ports());
                Customers independent = Customers.of(balancer.url() + INDEPENDENT, 30);
                Customers dependent = Customers.of(balancer.url() + DEPENDENT, 30)) {
            awaitSuccess(dependent, System.nanoTime(), Duration.ofSeconds(90));

            for (int i = 0; i < fleet.size(); i++) {
                fleet.restart(i);
                // The balancer has to see that the instance is back before the next one leaves.
                Thread.sleep(Duration.ofSeconds(2));
            }

            assertThat(independent.stop())
                    .filteredOn(outcome -> !outcome.isOk())
                    .isEmpty();
            assertThat(dependent.stop()).filteredOn(outcome -> !outcome.isOk()).isEmpty();
        }
    }

    @Test
    void aFrozenInstanceIsReplacedByTheOther() throws Exception {
        try (Fleet fleet = Fleet.start(2, FleetTest::faulty);
                LoadBalancer balancer = LoadBalancer.start(Kind.HAPROXY, fleet.ports());
                Customers works = Customers.of(balancer.url() + "/works", 20)) {
            awaitSuccess(works, System.nanoTime(), Duration.ofSeconds(90));

            long frozen = fleet.instance(0).signal(Signal.STOP);
            // Two checks of two seconds each, and the pauses between them, on a busy machine.
            long noticed = frozen + Duration.ofSeconds(11).toNanos();
            Thread.sleep(Duration.ofSeconds(15));
            long thawed = fleet.instance(0).signal(Signal.CONT);
            Thread.sleep(Duration.ofSeconds(5));
            works.stop();

            assertThat(works.failures(noticed, thawed)).isEmpty();
            assertThat(works.failures(thawed, System.nanoTime())).isEmpty();
            assertThat(fleet.ready()).isEqualTo(2);
        }
    }

    private static void assertNoneIsQuarantined(Fleet fleet) throws Exception {
        assertThat(fleet.values("lynx_plugin_parked")).isNotEmpty().containsOnly(0.0);
    }

    /** Waits for the first success of a request that was sent after an instant; returns how long after it that was sent. */
    private static Duration awaitSuccess(Customers customers, long afterNanos, Duration atMost) {
        AtomicReference<Outcome> success = new AtomicReference<>();
        try {
            Await.until("a request succeeds", atMost.plusSeconds(25), Duration.ofMillis(50), () -> {
                customers.outcomes().stream()
                        .filter(outcome -> outcome.isOk() && outcome.sentNanos() - afterNanos > 0)
                        .findFirst()
                        .ifPresent(success::set);
                return success.get() != null;
            });
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; outcomes: " + customers.summary(), late);
        }
        return Duration.ofNanos(success.get().sentNanos() - afterNanos);
    }
}
