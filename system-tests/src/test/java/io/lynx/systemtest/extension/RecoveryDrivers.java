package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ComponentRecovery.RecoveryAction;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryContext;
import io.lynx.recovery.RecoveryOutcome;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.recovery.Restarter;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What recovery calls. Each driver has an error type and a component of its own. */
final class RecoveryDrivers {
    private RecoveryDrivers() {}

    static List<Driver> all() {
        return List.of(
                new StrategyDriver("name"),
                new StrategyDriver("canRecover"),
                new StrategyDriver("recover"),
                new StrategyDriver("timeout"),
                new StrategyDriver("restarts"),
                new ActionDriver(),
                new RestarterDriver("restart"),
                new RestarterDriver("canRestart"),
                new RunningDriver());
    }

    /** A strategy that recovers. */
    private record Working(String name, AtomicInteger runs) implements RecoveryStrategy {
        @Override
        public boolean canRecover(String errorType, ErrorSeverity severity) {
            return true;
        }

        @Override
        public RecoveryOutcome recover(RecoveryContext context) {
            runs.incrementAndGet();
            return RecoveryOutcome.recovered();
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }
    }

    private abstract static class RecoveryDriver extends Driver {
        RecoveryDriver(Class<?> type, String method) {
            super(type, method);
        }

        abstract RecoveryStrategy strategy(HostileCode code);

        /** Returns whether the method is called where the strategy is registered, on the thread that does that. */
        private boolean isOfRegistration() {
            return type() == RecoveryStrategy.class && (method().equals("name") || method().equals("restarts"));
        }

        @Override
        void provoke(Subject subject) throws Exception {
            ErrorRecoveryManager recovery = subject.application().recovery();
            Thread registering = Thread.ofVirtual().start(() -> {
                try {
                    var _ = recovery.registerRecoveryStrategy(name(), strategy(subject.code()));
                } catch (RuntimeException refused) {
                    // The caller is the one who supplied the strategy.
                }
            });
            boolean _ = registering.join(Duration.ofMillis(isOfRegistration() ? 500 : 25_000));
            if (!isOfRegistration()) {
                recovery.recordError(name(), "provoked", name(), ErrorSeverity.HIGH, Map.of());
            }
            subject.await("the hostile code is called", () -> subject.code().calls(type(), method()) > 0);

            AtomicInteger runs = new AtomicInteger();
            String other = name() + "-peer";
            var _ = recovery.registerRecoveryStrategy(other, new Working(other, runs));
            recovery.recordError(other, "provoked", other, ErrorSeverity.HIGH, Map.of());
            subject.await("the recovery of another component", () -> runs.get() > 0);
            if (!isOfRegistration()) {
                subject.await("a report or a line that names " + name(), () -> isNamed(subject));
            }
        }

        private boolean isNamed(Subject subject) {
            if (subject.code().hostility() == Hostility.HANG) {
                return subject.logs().name(name(), HostileCode.FRAME);
            }
            return subject.logs().name(name())
                    || subject.application().recovery().recentRecoveries(100).stream()
                            .anyMatch(recovery -> recovery.component().equals(name()));
        }
    }

    private static final class StrategyDriver extends RecoveryDriver {
        StrategyDriver(String method) {
            super(RecoveryStrategy.class, method);
        }

        @Override
        RecoveryStrategy strategy(HostileCode code) {
            return hostile(RecoveryStrategy.class, code, new Working(name(), new AtomicInteger()));
        }
    }

    private static final class ActionDriver extends RecoveryDriver {
        ActionDriver() {
            super(RecoveryAction.class, "run");
        }

        @Override
        RecoveryStrategy strategy(HostileCode code) {
            return RecoveryStrategy.retry(hostile(RecoveryAction.class, code, _ -> {}));
        }
    }

    private static final class WorkingRestarter implements Restarter {
        @Override
        public void restart(String component) {}

        @Override
        public boolean canRestart(String component) {
            return true;
        }
    }

    /** An application has its own restarter, so this one belongs to a manager that is used alone. */
    private static final class RunningDriver extends Driver {
        RunningDriver() {
            super(Restarter.class, "isRunning");
        }

        @Override
        void provoke(Subject subject) throws Exception {
            Restarter restarter = hostile(Restarter.class, subject.code(), new WorkingRestarter());
            ManualTime time = new ManualTime();
            ErrorRecoveryManager recovery = ErrorRecoveryManager.builder()
                    .restarter(restarter)
                    .ticker(time)
                    .build();
            recovery.recordError(name(), "provoked", name(), ErrorSeverity.LOW, Map.of());
            Thread reading = Thread.ofPlatform().daemon().start(() -> {
                while (subject.code().calls(type(), method()) == 0) {
                    var _ = recovery.errorStats();
                }
            });
            subject.await("the hostile code is called", () -> subject.code().calls(type(), method()) > 0);
            if (subject.code().hostility() == Hostility.HANG) {
                // It hangs its caller alone: the next one does not call it, and names it.
                time.advance(Duration.ofSeconds(11));
                assertThat(recovery.errorStats().components()).containsKey(name());
                recovery.recordError(name(), "provoked", name(), ErrorSeverity.LOW, Map.of());
                assertThat(recovery.totals().recorded()).isEqualTo(2);
            } else {
                assertThat(reading.join(Subject.PATIENCE)).isTrue();
            }
            subject.assertNamed(name());
            var _ = recovery.close(Deadline.after(Duration.ofSeconds(1), time));
        }
    }

    private static final class RestarterDriver extends RecoveryDriver {
        RestarterDriver(String method) {
            super(Restarter.class, method);
        }

        @Override
        RecoveryStrategy strategy(HostileCode code) {
            return RecoveryStrategy.restart(hostile(Restarter.class, code, new WorkingRestarter()));
        }
    }
}
