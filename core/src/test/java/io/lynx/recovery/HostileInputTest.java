package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.extension.Registration;
import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.RunnerState;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    private static final int LIMIT = 1024;

    private final RecoveryFixture fixture = new RecoveryFixture();
    private final ErrorRecoveryManager manager = fixture.manager;

    @Test
    void treatsNullAsAbsent() {
        manager.recordError(null, null, null, ErrorSeverity.LOW, null);

        ErrorRecord error = manager.recentErrors(1).getFirst();
        assertThat(error.errorType()).isEqualTo("unknown");
        assertThat(error.component()).isEqualTo("unknown");
        assertThat(error.message()).isEmpty();
        assertThat(error.context()).isEmpty();
    }

    @Test
    void aContextThatThrowsIsRecordedAsUnreadable() {
        Map<String, Object> hostile = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new IllegalStateException("no entries today");
            }
        };
        Object unprintable = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text today");
            }
        };

        manager.recordError("database", "failed", "a", ErrorSeverity.LOW, hostile);
        manager.recordError("database", "failed", "a", ErrorSeverity.LOW, Map.of("value", unprintable));

        assertThat(manager.recentErrors(2).get(1).context())
                .containsEntry("…", "unreadable: java.lang.IllegalStateException");
        assertThat(manager.recentErrors(2).get(0).context())
                .containsEntry("value", "unreadable: java.lang.IllegalStateException");
    }

    @Test
    void contextThatContainsItselfEnds() {
        Map<String, Object> loop = new java.util.HashMap<>();
        loop.put("self", loop);
        loop.put("list", java.util.Collections.nCopies(1_000_000, loop));

        manager.recordError("database", "failed", "a", ErrorSeverity.LOW, loop);

        assertThat(manager.recentErrors(1).getFirst().context()).containsKeys("self", "list");
    }

    @Test
    void exceptionsThatLoopOrThrowAreRecorded() {
        RuntimeException one = new RuntimeException("one");
        RuntimeException two = new RuntimeException("two", one);
        one.initCause(two);
        manager.recordError("a", two);
        manager.recordError("a", new HostileException());

        assertThat(manager.recentErrors(2)).extracting(ErrorRecord::message).containsExactly("HostileException", "two");
    }

    @Test
    void boundsTheNumberOfErrorTypes() {
        for (int i = 0; i < 100_000; i++) {
            manager.recordError("type-" + i, "failed", "a", ErrorSeverity.LOW, null);
        }

        Map<String, Long> counts = manager.errorStats().errorCounts();
        assertThat(counts).hasSize(257).containsEntry("other", 100_000L - 256);
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(100_000);
    }

    @Test
    void boundsTheNumberOfComponents() {
        for (int i = 0; i < 100_000; i++) {
            manager.recordError("database", "failed", "component-" + i, ErrorSeverity.LOW, null);
        }
        fixture.settle();

        assertThat(manager.errorStats().components()).hasSize(LIMIT);
        assertThat(manager.totals().untracked()).isEqualTo(100_000 - LIMIT);
    }

    @Test
    void criticalErrorsBeyondTheLimitsStillCount() {
        for (int i = 0; i <= LIMIT; i++) {
            manager.recordError("type-" + i, "failed", "component-" + i, ErrorSeverity.LOW, null);
        }
        manager.recordError("last", "failed", "one too many", ErrorSeverity.CRITICAL, null);
        java.util.List<String> reasons = manager.healthReport().reasons();
        fixture.time.advance(Duration.ofSeconds(61));

        assertThat(reasons).contains("a critical error of a component beyond the limit of 1024");
        assertThat(manager.checkHealth().status()).isEqualTo(io.lynx.health.HealthStatus.UP);
    }

    @Test
    void idleComponentsAreReplaced() {
        for (int i = 0; i < LIMIT; i++) {
            manager.recordError("database", "failed", "old-" + i, ErrorSeverity.LOW, null);
        }
        fixture.settle();
        fixture.time.advance(Duration.ofMinutes(2));

        manager.recordError("database", "failed", "new", ErrorSeverity.LOW, null);

        assertThat(manager.errorStats().components()).containsOnlyKeys("new");
        assertThat(manager.totals().untracked()).isZero();
    }

    @Test
    void oddNamesBecomePrintable() {
        manager.recordError("data\nbase\u0000\u202e", "line\r\nbreak", "näme\t✓", ErrorSeverity.LOW, null);
        manager.recordError("x".repeat(10_000), "", " ", ErrorSeverity.LOW, null);

        assertThat(manager.recentErrors(2).get(1).errorType()).isEqualTo("data base  ");
        assertThat(manager.recentErrors(2).get(1).message()).isEqualTo("line  break");
        assertThat(manager.recentErrors(2).get(1).component()).isEqualTo("näme ✓");
        assertThat(manager.recentErrors(2).get(0).errorType()).hasSize(128);
        assertThat(manager.recentErrors(2).get(0).component()).isEqualTo("unknown");
    }

    @Test
    void strategiesThatThrowReturnNullOrHaveOddTimeoutsFail() {
        manager.registerRecoveryStrategy("null", new TestStrategy("null", _ -> nothing()));
        manager.registerRecoveryStrategy("throws", new TestStrategy("throws", _ -> {
            throw new AssertionError("broken strategy");
        }));
        manager.registerRecoveryStrategy("odd", TestStrategy.recovering("odd").timeout(Duration.ofSeconds(-1)));

        fixture.error("null", "a", ErrorSeverity.LOW);
        RecoveryRecord ofNull = fixture.finished();
        fixture.error("throws", "b", ErrorSeverity.LOW);
        RecoveryRecord ofError = fixture.finished();
        fixture.error("odd", "c", ErrorSeverity.LOW);
        RecoveryRecord ofOdd = fixture.finished();

        assertThat(ofNull.note()).endsWith("strategy 'null': recover returned null");
        assertThat(ofError.note()).isEqualTo("java.lang.AssertionError: broken strategy");
        assertThat(ofOdd.result()).isEqualTo(Result.RECOVERED);
        assertThat(RunnerState.freeSlots(manager)).isEqualTo(10);
    }

    @SuppressWarnings("NullAway")
    private static RecoveryOutcome nothing() {
        return null;
    }

    @Test
    void strategyThatThrowsFromCanRecoverIsSkipped() {
        manager.registerRecoveryStrategy("database", new RecoveryStrategy() {
            @Override
            public String name() {
                return "moody";
            }

            @Override
            public boolean canRecover(String errorType, ErrorSeverity severity) {
                throw new IllegalStateException("ask somebody else");
            }

            @Override
            public RecoveryOutcome recover(RecoveryContext context) {
                return RecoveryOutcome.recovered();
            }
        });

        fixture.error("a", ErrorSeverity.MEDIUM);
        fixture.settle();

        assertThat(manager.errorStats().recoveryStats().skipped()).isEqualTo(1);
    }

    @Test
    void wallClockThatJumpsChangesNothing() {
        for (int i = 0; i < 11; i++) {
            fixture.error("a", ErrorSeverity.LOW);
        }
        boolean before = manager.isHealthy();
        fixture.time.jumpWallClock(Duration.ofDays(-400));
        boolean afterBack = manager.isHealthy();
        fixture.time.jumpWallClock(Duration.ofDays(800));
        boolean afterForth = manager.isHealthy();

        assertThat(before).isFalse();
        assertThat(afterBack).isFalse();
        assertThat(afterForth).isFalse();
    }

    @Test
    void anErrorFromCanRecoverEndsNoOtherRecovery() {
        manager.registerRecoveryStrategy("broken", new RecoveryStrategy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public boolean canRecover(String errorType, ErrorSeverity severity) {
                Thread.currentThread().interrupt();
                throw new NoClassDefFoundError("com/example/Missing");
            }

            @Override
            public RecoveryOutcome recover(RecoveryContext context) {
                return RecoveryOutcome.recovered();
            }
        });
        manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));

        for (int i = 0; i < 10; i++) {
            fixture.error("broken", "broken-" + i, ErrorSeverity.MEDIUM);
        }
        fixture.error("a", ErrorSeverity.MEDIUM);

        assertThat(fixture.finished().strategy()).isEqualTo("quick");
        fixture.settle();
        assertThat(manager.errorStats().recoveryStats().skipped()).isEqualTo(10);
    }

    @Test
    void aStrategyThatOverflowsTheStackFails() {
        manager.registerRecoveryStrategy("database", new TestStrategy("deep", _ -> {
            throw new StackOverflowError();
        }));

        fixture.error("a", ErrorSeverity.MEDIUM);

        assertThat(fixture.finished().result()).isEqualTo(Result.FAILED);
        assertThat(RunnerState.freeSlots(manager)).isEqualTo(10);
    }

    @Test
    void aRestarterThatThrowsFromCanRestartRestartsNothing() {
        try (RecoveryFixture broken = new RecoveryFixture(builder -> builder.restarter(new Restarter() {
            @Override
            public void restart(String component) {}

            @Override
            public boolean canRestart(String component) {
                throw new NoClassDefFoundError("com/example/Missing");
            }
        }))) {
            broken.error("a", ErrorSeverity.HIGH);
            broken.settle();

            assertThat(broken.status("a")).isEqualTo("ok");
            assertThat(broken.manager.resetComponent("b")).isFalse();
        }
    }

    @Test
    void rulesAndExceptionsThatThrowErrorsAreRecorded() {
        ErrorClassifier rules = ErrorClassifier.builder()
                .rule(_ -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                })
                .build();
        try (RecoveryFixture broken = new RecoveryFixture(builder -> builder.classifier(rules))) {
            broken.manager.recordError("a", new IllegalStateException("plain"));
            broken.manager.recordError("a", new BrokenException());
            broken.manager.recordError("a", (Throwable) null);

            assertThat(broken.manager.totals().recorded()).isEqualTo(3);
            assertThat(broken.manager.recentErrors(3).get(2).message()).isEqualTo("plain");
            assertThat(broken.manager.recentErrors(3).get(1).exceptionClass())
                    .isEqualTo(BrokenException.class.getName());
        }
    }

    /** An exception all of whose methods overflow the stack. */
    private static final class BrokenException extends RuntimeException implements HttpStatusFailure {
        @Override
        public int status() {
            throw new StackOverflowError();
        }

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new StackOverflowError();
        }

        @Override
        public String toString() {
            throw new StackOverflowError();
        }
    }

    @Test
    void anErrorWithoutASeverityIsMedium() {
        manager.recordError("database", "failed", "a", null, null);

        assertThat(manager.recentErrors(1)).extracting(ErrorRecord::severity).containsExactly(ErrorSeverity.MEDIUM);
    }

    @Test
    void registeredTypesAndKnownComponentsHavePlacesBeyondTheLimits() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        try (RecoveryFixture crowded = new RecoveryFixture(builder -> builder.restarter(new Restarter() {
            @Override
            public void restart(String component) {}

            @Override
            public boolean canRestart(String component) {
                return component.equals("plugin");
            }
        }))) {
            for (int i = 0; i < 2000; i++) {
                crowded.manager.recordError("type-" + i, "failed", "component-" + i, ErrorSeverity.LOW, null);
            }
            crowded.settle();
            crowded.manager.registerRecoveryStrategy("database", strategy);

            crowded.error("database", "plugin", ErrorSeverity.MEDIUM);

            assertThat(crowded.finished())
                    .returns("plugin", RecoveryRecord::component)
                    .returns("database", RecoveryRecord::errorType);
            assertThat(crowded.manager.errorStats().errorCounts()).containsEntry("database", 1L);
        }
    }

    @Test
    void aRemovedStrategyIsNotTried() {
        TestStrategy first = TestStrategy.recovering("first");
        Registration removed = manager.registerRecoveryStrategy("database", first);
        Registration _ = manager.registerRecoveryStrategy("database", TestStrategy.recovering("second"));

        removed.close();
        removed.close();
        fixture.error("a", ErrorSeverity.MEDIUM);

        assertThat(fixture.finished().strategy()).isEqualTo("second");
        assertThat(first.runs).hasValue(0);
        assertThat(manager.registeredStrategies()).hasSize(1);
    }

    @Test
    void theSharedManagerCannotBeClosed() {
        ErrorRecoveryManager shared = manager.shared();

        assertThatThrownBy(shared::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lynx.recovery: shared by the application; only the application closes it");
        shared.recordError("database", "failed", "a", ErrorSeverity.LOW, null);
        assertThat(manager.totals().recorded()).isEqualTo(1);
    }

    @Test
    void configurationsOutOfTheirRangesAreRefused() {
        ErrorRecoveryConfig fine = ErrorRecoveryConfig.defaults();

        assertThatThrownBy(() -> new ErrorRecoveryConfig(
                        true,
                        -1,
                        fine.maxRecoveryHistory(),
                        fine.errorThreshold(),
                        fine.errorWindow(),
                        fine.recoveryTimeout(),
                        fine.maxConcurrentRecoveries(),
                        fine.maxRestarts(),
                        fine.restartWindow(),
                        fine.onExhausted(),
                        fine.quarantineInitial(),
                        fine.quarantineMax()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lynx.error_recovery.max_error_history: -1; allowed are 1 to 1000000");
        assertThatThrownBy(() -> new ErrorRecoveryConfig(
                        true,
                        fine.maxErrorHistory(),
                        fine.maxRecoveryHistory(),
                        fine.errorThreshold(),
                        Duration.ofDays(109_500),
                        fine.recoveryTimeout(),
                        fine.maxConcurrentRecoveries(),
                        fine.maxRestarts(),
                        fine.restartWindow(),
                        fine.onExhausted(),
                        fine.quarantineInitial(),
                        fine.quarantineMax()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("lynx.error_recovery.error_window: ");
    }

    @Test
    void listenersThatThrowDoNotAffectTheOthers() {
        TestStrategy strategy = TestStrategy.recovering("quick");
        manager.registerRecoveryStrategy("database", strategy);
        Semaphore received = new Semaphore(0);
        manager.addListener("careless", _ -> {
            throw new IllegalStateException("careless listener");
        });
        manager.addListener("broken", _ -> {
            throw new NoClassDefFoundError("Missing");
        });
        Registration removed = manager.addListener("last", _ -> received.release());

        fixture.error("a", ErrorSeverity.MEDIUM);
        fixture.finished();
        RecoveryFixture.eventually(() -> received.availablePermits() == 5);
        removed.close();
        fixture.error("b", ErrorSeverity.MEDIUM);
        fixture.finished();

        assertThat(strategy.runs).hasValue(2);
        assertThat(received.availablePermits()).isEqualTo(5);
    }

    @Test
    void aMillionErrorsInOneSecondAreAllCounted() throws Exception {
        int threads = 8;
        int each = 125_000;
        manager.registerRecoveryStrategy("database", TestStrategy.recovering("quick"));
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            Callable<Void> recorder = () -> {
                for (int i = 0; i < each; i++) {
                    manager.recordError("database", "failed " + i, "component-" + i % 7, ErrorSeverity.MEDIUM, null);
                }
                return null;
            };
            for (Future<Void> done : executor.invokeAll(java.util.Collections.nCopies(threads, recorder))) {
                done.get();
            }
        }
        fixture.settle();
        RecoveryFixture.eventually(() -> manager.errorStats().recoveryStats().successful() == 7);

        ErrorStats.Totals totals = manager.totals();
        assertThat(totals.recorded()).isEqualTo((long) threads * each);
        assertThat(totals.inHistory() + totals.sampledOut()).isEqualTo(totals.recorded());
        assertThat(manager.recentErrors(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(1000);
        assertThat(manager.errorStats().window().counts()).containsEntry("database", (long) threads * each);
        assertThat(RunnerState.freeSlots(manager)).isEqualTo(10);
        assertThat(manager.recentErrors(1).getFirst().occurrences()).isEqualTo((long) threads * each);
    }

    private static final class HostileException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message today");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack today");
        }
    }
}
