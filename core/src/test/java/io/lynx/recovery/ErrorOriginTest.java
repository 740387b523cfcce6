package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.RecoveryRecord.Result;
import java.io.IOException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What errors that show in answering requests may lead to. */
class ErrorOriginTest {
    private final AtomicInteger restarts = new AtomicInteger();

    @AutoClose
    private final RecoveryFixture fixture =
            new RecoveryFixture(builder -> builder.restarter(_ -> restarts.incrementAndGet()));

    private final ErrorRecoveryManager manager = fixture.manager;

    private void failedRequest(Throwable failure) {
        manager.recordError(ErrorReport.builder("orders")
                .origin(ErrorOrigin.request())
                .throwable(failure)
                .context(Map.of("route", "/orders/{id}"))
                .build());
    }

    @Test
    void failedRequestsAreCountedAndShownButRestartNothing() {
        for (int i = 0; i < 10; i++) {
            failedRequest(new IllegalStateException("broken"));
            failedRequest(new SQLTransientConnectionException("away", "08001"));
            fixture.time.advance(RecoveryFixture.COOL_DOWN);
            fixture.settle();
        }

        ErrorStats stats = manager.errorStats();
        assertThat(stats.errorCounts()).containsEntry("system", 10L).containsEntry("database", 10L);
        assertThat(stats.window().counts()).containsEntry("system", 10L);
        assertThat(stats.recentErrors())
                .allMatch(error -> error.origin().equals(ErrorOrigin.request()))
                .allMatch(error -> error.component().equals("orders"));
        assertThat(stats.components()).containsEntry("orders", new ErrorStats.ComponentState("ok", 0));
        assertThat(restarts).hasValue(0);
    }

    @Test
    void manyFailedRequestsMakeHealthDownLikeOtherErrors() {
        for (int i = 0; i < 11; i++) {
            failedRequest(new IllegalStateException("broken"));
        }

        assertThat(manager.isHealthy()).isFalse();
    }

    @Test
    void aStackOverflowInARequestQuarantinesNothing() {
        failedRequest(new StackOverflowError());
        fixture.settle();

        assertThat(manager.recentErrors(1)).extracting(ErrorRecord::severity).containsExactly(ErrorSeverity.HIGH);
        assertThat(fixture.status("orders")).isEqualTo("ok");
        assertThat(manager.isHealthy()).isTrue();
    }

    @Test
    void registeredStrategiesRecoverFromFailedRequests() {
        manager.registerRecoveryStrategy("orders", "database", TestStrategy.recovering("reconnect"));

        failedRequest(new SQLTransientConnectionException("away", "08001"));

        assertThat(fixture.finished().strategy()).isEqualTo("reconnect");
        assertThat(manager.recentErrors(1)).allMatch(ErrorRecord::recovered);
    }

    @Test
    void theComponentsRetryAndFallbackAreTriedButNoRestart() {
        AtomicInteger retries = new AtomicInteger();
        manager.registerComponent(
                "orders",
                ComponentRecovery.builder()
                        .retry(_ -> retries.incrementAndGet())
                        .build());

        failedRequest(new IllegalStateException("broken"));

        assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
        assertThat(retries).hasValue(1);
        assertThat(restarts).hasValue(0);
    }

    @Test
    void aStrategyThatTheUserRegisteredMayRestart() {
        manager.registerRecoveryStrategy("network", RecoveryStrategy.restart(_ -> restarts.incrementAndGet()));

        failedRequest(new IOException("reset", new java.net.SocketException()));

        assertThat(fixture.finished().result()).isEqualTo(Result.RECOVERED);
        assertThat(restarts).hasValue(1);
    }

    @Test
    void failedRequestsDoNotHideADeadThread() {
        Semaphore gate = new Semaphore(0);
        TestStrategy slow = TestStrategy.gated("slow", gate);
        manager.registerRecoveryStrategy("database", slow);
        failedRequest(new SQLTransientConnectionException("away", "08001"));
        slow.awaitStart();

        manager.recordError(ErrorReport.builder("orders")
                .throwable(new IllegalStateException("thread died"))
                .severity(ErrorSeverity.HIGH)
                .build());
        failedRequest(new StackOverflowError());
        gate.release();

        assertThat(fixture.finished().strategy()).isEqualTo("slow");
        assertThat(fixture.finished().strategy()).isEqualTo("restart");
        assertThat(restarts).hasValue(1);
    }

    @Test
    void aDeadThreadReplacesAFailedRequestThatWaitsForTheCoolDown() {
        failedRequest(new IllegalStateException("broken"));
        fixture.settle();
        failedRequest(new IllegalStateException("broken"));

        manager.recordError(ErrorReport.builder("orders")
                .throwable(new IllegalStateException("thread died"))
                .severity(ErrorSeverity.HIGH)
                .build());
        fixture.time.advance(RecoveryFixture.COOL_DOWN);

        assertThat(fixture.finished().strategy()).isEqualTo("restart");
    }

    @Test
    void rejectionsAreCountedWhereverTheyAreRecorded() {
        var breaker = io.lynx.resilience.CircuitBreaker.of(
                "db", io.lynx.resilience.CircuitBreakerConfig.defaults(), fixture.time);
        breaker.forceOpen();

        try {
            breaker.acquire();
        } catch (io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException refused) {
            failedRequest(refused);
        }

        assertThat(manager.totals().rejected()).isEqualTo(1);
        assertThat(manager.totals().recorded()).isZero();
    }
}
