package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.StartException;
import io.lynx.extension.ResourceKey;
import io.lynx.health.HealthStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delays that a test injects, on real and on manual time. */
class DelayTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(10);

    @SuppressWarnings("unchecked")
    private static final ResourceKey<Supplier<String>> WAREHOUSE =
            new ResourceKey<>("warehouse", (Class<Supplier<String>>) (Class<?>) Supplier.class);

    private static LynxTest.Builder orders(boolean isManual) {
        LynxTest.Builder test = LynxTest.of(FakePlugin.named("orders"));
        return isManual ? test.manualTime() : test;
    }

    private static Duration startTime(LynxTest lynx) {
        return Objects.requireNonNull(lynx.application().plugins().getFirst().startTime());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartIsDelayed(boolean isManual) {
        try (LynxTest lynx = orders(isManual).build()) {
            lynx.faults().delayStart("orders", SHORT);

            lynx.start();

            assertThat(startTime(lynx)).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void aStartThatIsDelayedBeyondItsTimeoutFailsWithoutDelayOnManualTime() {
        LynxTest lynx = orders(true).with("lynx.startup.plugin_timeout", "30s").build();
        lynx.faults().delayStart("orders", LONG);

        assertThatThrownBy(lynx::start).isInstanceOf(StartException.class).hasMessageContaining("orders");
        lynx.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopIsDelayed(boolean isManual) {
        LynxTest lynx = orders(isManual).start();
        lynx.faults().delayStop("orders", SHORT);

        assertThat(lynx.stop().plugins()).singleElement().satisfies(stopped -> assertThat(stopped.took())
                .isGreaterThanOrEqualTo(SHORT));
        lynx.close();
    }

    @Test
    void aStopThatIsDelayedBeyondItsTimeoutIsInterrupted() {
        LynxTest lynx = orders(true).start();
        lynx.faults().delayStop("orders", LONG);

        assertThat(lynx.stop().plugins()).singleElement().satisfies(stopped -> {
            assertThat(stopped.failure()).contains("InterruptedException");
            assertThat(stopped.took()).isLessThan(LONG);
        });
        lynx.close();
    }

    @Test
    void aHealthCheckThatIsDelayedBeyondItsTimeoutFailsOnManualTime() {
        try (LynxTest lynx = orders(true).start()) {
            lynx.faults().delayHealth("orders", LONG);

            Await.until("the check exceeds its timeout", () -> {
                lynx.advance(Duration.ofSeconds(10));
                return statusOfOrders(lynx) == HealthStatus.DOWN;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anApplicationStartsWithADelayedHealthCheck(boolean isManual) {
        try (LynxTest lynx = orders(isManual).build()) {
            lynx.faults().delayHealth("orders", SHORT);

            lynx.start();

            Await.until("the check reports", () -> {
                if (isManual) {
                    lynx.advance(SHORT);
                }
                return statusOfOrders(lynx) == HealthStatus.UP;
            });
        }
    }

    private static HealthStatus statusOfOrders(LynxTest lynx) {
        return lynx.application()
                .health()
                .snapshot()
                .check("orders")
                .orElseThrow()
                .status();
    }

    @Test
    void aPointOfTheTestIsDelayedUntilItsTimeHasCome() {
        LynxTest[] self = new LynxTest[1];
        FakePlugin fake = FakePlugin.starting(
                "warehouse",
                context -> context.share(WAREHOUSE, () -> {
                    try {
                        self[0].faults().at("warehouse");
                        return "lamp";
                    } catch (InterruptedException given) {
                        throw new IllegalStateException(given);
                    }
                }));
        try (LynxTest lynx = LynxTest.of(fake).manualTime().start()) {
            self[0] = lynx;
            assertThat(lynx.resource(WAREHOUSE).get()).isEqualTo("lamp");
            lynx.faults().delay("warehouse", Duration.ofSeconds(2));
            CompletableFuture<String> slow =
                    CompletableFuture.supplyAsync(lynx.resource(WAREHOUSE), Thread::startVirtualThread);

            lynx.advance(Duration.ofMillis(1999));
            assertThat(slow).isNotDone();

            Await.until("the delay is over", () -> {
                lynx.advance(Duration.ofSeconds(1));
                return slow.isDone();
            });
            assertThat(slow).isCompletedWithValue("lamp");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfAFaultEndsADelay(boolean isManual) {
        try (LynxTest lynx = orders(isManual).start()) {
            lynx.faults().delay("warehouse", LONG);
            CompletableFuture<Void> slow = CompletableFuture.runAsync(
                    () -> {
                        try {
                            lynx.faults().at("warehouse");
                        } catch (InterruptedException given) {
                            throw new IllegalStateException(given);
                        }
                    },
                    Thread::startVirtualThread);

            lynx.faults().clear();

            Await.until("the call goes on", slow::isDone);
        }
    }
}
