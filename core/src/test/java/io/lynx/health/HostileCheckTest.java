package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that misbehave in every way that Java offers, and then recover. */
class HostileCheckTest {
    private final ManualTime time = new ManualTime();
    private final ScriptedCheck check = new ScriptedCheck();

    /** An exception whose own methods throw. */
    private static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new StackOverflowError("message");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("text");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new LinkageError("cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("stack");
        }
    }

    @SuppressWarnings("NullAway") // A check that breaks its contract.
    private static Health nothing() {
        return null;
    }

    @SuppressWarnings("InfiniteRecursion") // The overflow is the point.
    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("exception", (HealthCheck) () -> {
                    throw new IllegalStateException("no");
                }),
                Arguments.of("linkage error", (HealthCheck) () -> {
                    throw new NoClassDefFoundError("gone");
                }),
                Arguments.of("stack overflow", (HealthCheck) () -> Health.down("depth " + overflow(0))),
                Arguments.of("hostile exception", (HealthCheck) () -> {
                    throw new HostileException();
                }),
                Arguments.of("interrupts its thread", (HealthCheck) () -> {
                    Thread.currentThread().interrupt();
                    return Health.down("interrupted");
                }),
                Arguments.of(
                        "hostile data", (HealthCheck) () -> Health.down("data").with("hostile", new Object() {
                            @Override
                            public String toString() {
                                throw new HostileException();
                            }
                        })),
                Arguments.of("data that is not readable", (HealthCheck)
                        () -> Health.down("data").with("list", new AbstractList<String>() {
                            @Override
                            public String get(int index) {
                                throw new HostileException();
                            }

                            @Override
                            public int size() {
                                return 3;
                            }
                        })),
                Arguments.of("data that contains itself", (HealthCheck) () -> {
                    Map<String, Object> endless = new HashMap<>();
                    endless.put("again", endless);
                    return Health.down("data").with("endless", endless);
                }),
                Arguments.of("null", (HealthCheck) HostileCheckTest::nothing));
    }

    private HealthMonitor started(Executor executor) {
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, executor)
                .random(() -> 0)
                .build();
        monitor.start();
        monitor.enter(Phase.SERVING);
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        return monitor;
    }

    private static CheckReport report(HealthMonitor monitor) {
        return monitor.snapshot().check("db").orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void runsAgainAndRecovers(String name, HealthCheck hostile) {
        HealthMonitor monitor = started(Runnable::run);
        check.says(hostile);
        time.advance(Duration.ZERO);
        assertThat(report(monitor).status()).as(name).isEqualTo(HealthStatus.DOWN);
        assertThat(report(monitor).error()).isNotBlank();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        check.says(Health.up());
        time.advance(Duration.ofSeconds(10));

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        assertThat(check.runs()).isEqualTo(2);
    }

    @Test
    void runsAgainAfterItsThreadCouldNotBeStarted() {
        boolean[] isBroken = {true};
        HealthMonitor monitor = started(task -> {
            if (isBroken[0]) {
                throw new IllegalStateException("no threads");
            }
            task.run();
        });
        time.advance(Duration.ZERO);
        assertThat(report(monitor).error()).isEqualTo("IllegalStateException: no threads");

        isBroken[0] = false;
        time.advance(Duration.ofSeconds(10));

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void masksErrorsAndData() {
        HealthMonitor monitor = started(Runnable::run);
        check.says(() -> {
            throw new IllegalStateException("cannot log in with password=hunter2");
        });
        time.advance(Duration.ZERO);
        assertThat(report(monitor).error()).isEqualTo("IllegalStateException: cannot log in with password=***");

        check.says(Health.degraded("token=abc123")
                .with("url", "jdbc:postgresql://user:hunter2@db/orders")
                .with("password", "hunter2")
                .with("replicas", List.of("secret=hunter2", 3))
                .with("settings", Map.of("apiKey", "hunter2")));
        time.advance(Duration.ofSeconds(10));

        assertThat(report(monitor).error()).isEqualTo("token=***");
        assertThat(report(monitor).data().toString()).doesNotContain("hunter2").contains("***", "3");
    }
}
