package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.run.RunnerState;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A manager on manual time with real threads, and a queue of its events. */
final class RecoveryFixture implements AutoCloseable {
    static final Duration COOL_DOWN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final ManualTime time = new ManualTime();
    final BlockingQueue<RecoveryEvent> events = new LinkedBlockingQueue<>();
    final CircuitBreakers callBreakers = CircuitBreakers.builder(CircuitBreakerConfig.defaults())
            .ticker(time)
            .build();
    final ErrorRecoveryManager manager;

    RecoveryFixture() {
        this(builder -> builder);
    }

    RecoveryFixture(UnaryOperator<ErrorRecoveryManager.Builder> more) {
        manager = more.apply(ErrorRecoveryManager.builder()
                        .ticker(time)
                        .clock(time)
                        .scheduler(time)
                        .callBreakers(callBreakers))
                .build();
        manager.addListener("test", events::add);
    }

    static ErrorRecoveryConfig config(int slots, int maxRestarts, ErrorRecoveryConfig.OnExhausted onExhausted) {
        return new ErrorRecoveryConfig(
                true,
                1000,
                500,
                10,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                slots,
                maxRestarts,
                Duration.ofMinutes(5),
                onExhausted,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10));
    }

    void error(String component, ErrorSeverity severity) {
        error("database", component, severity);
    }

    void error(String errorType, String component, ErrorSeverity severity) {
        manager.recordError(errorType, "connection timeout", component, severity, Map.of());
    }

    /** Registers a strategy for errors of the component "a", records one, and waits until the strategy runs. */
    void startRecovery(TestStrategy strategy, ErrorSeverity severity) {
        manager.registerRecoveryStrategy("database", strategy);
        error("a", severity);
        strategy.awaitStart();
    }

    /** Returns the next event of this type; skips the others. */
    <T extends RecoveryEvent> T await(Class<T> type) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                RecoveryEvent event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                assertThat(event).as("an event of type " + type.getSimpleName()).isNotNull();
                if (type.isInstance(event)) {
                    return type.cast(event);
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns whether an event of this type is among those that have come; takes them all. */
    boolean hasCome(Class<? extends RecoveryEvent> type) {
        boolean isThere = false;
        for (RecoveryEvent event = events.poll(); event != null; event = events.poll()) {
            isThere |= type.isInstance(event);
        }
        return isThere;
    }

    RecoveryRecord finished() {
        return await(RecoveryEvent.RecoveryFinished.class).recovery();
    }

    /** Waits for an effect of other threads. */
    static void eventually(BooleanSupplier condition) {
        Await.until("recovery has gone on", PATIENCE, condition::getAsBoolean);
    }

    /** Waits until every error was dispatched and each recovery that runs is in a strategy. */
    void settle() {
        eventually(() -> RunnerState.isSettled(manager));
    }

    String status(String component) {
        ErrorStats.ComponentState state = manager.errorStats().components().get(component);
        return state == null ? "unknown" : state.status();
    }

    @Override
    public void close() {
        manager.close();
    }
}
