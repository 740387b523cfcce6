package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.extension.Registration;
import io.lynx.health.HealthCheckConfig.Check;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthMonitorTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration A_THIRD = Duration.ofSeconds(10);
    private static final RandomGenerator NO_JITTER = () -> 0;

    private final ManualTime time = new ManualTime();
    private final ScriptedCheck check = new ScriptedCheck();
    private final List<HealthEvent> events = new ArrayList<>();

    private HealthMonitor started() {
        return started(HealthCheckConfig.defaults(), NO_JITTER);
    }

    private HealthMonitor started(HealthCheckConfig settings, RandomGenerator random) {
        HealthMonitor monitor = HealthMonitor.builder(settings, time, time, Runnable::run)
                .clock(time)
                .random(random)
                .build();
        var _ = monitor.addListener("test", events::add);
        monitor.start();
        monitor.enter(Phase.SERVING);
        time.advance(Duration.ZERO);
        events.clear();
        return monitor;
    }

    private HealthMonitor startedWithCheck() {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);
        return monitor;
    }

    private static CheckReport report(HealthMonitor monitor) {
        return monitor.snapshot().check("db").orElseThrow();
    }

    @Test
    void aRunThatIsWantedDuringAnotherFollowsIt() {
        HealthMonitor monitor = startedWithCheck();
        var _ = check.says(() -> {
            var _ = check.says(Health.down("since the run began"));
            monitor.runSoon("db");
            return Health.up();
        });

        time.advance(INTERVAL);

        assertThat(check.runs()).isEqualTo(3);
        assertThat(report(monitor).consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void runsACheckAtOnceAndThenEveryInterval() {
        HealthMonitor monitor = startedWithCheck();
        assertThat(check.runs()).isEqualTo(1);

        time.advance(INTERVAL.minusMillis(1));
        assertThat(check.runs()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));

        assertThat(check.runs()).isEqualTo(2);
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        assertThat(report(monitor).consecutiveSuccesses()).isEqualTo(2);
        assertThat(report(monitor).checkedAt()).isEqualTo(Instant.parse("2026-01-01T00:00:30Z"));
    }

    @Test
    void aProbeRunsTheCheckNowAndItsResultCounts() throws Exception {
        HealthMonitor monitor = startedWithCheck();
        check.says(Health.down("gone"));
        HealthCheck probe = monitor.probe("db").orElseThrow();
        FutureTask<Health> asked = ask(probe);
        Await.until("the check runs again", () -> {
            time.advance(Duration.ZERO);
            return time.pending() > 0 && check.runs() > 1;
        });

        assertThat(asked.get(30, TimeUnit.SECONDS)).isEqualTo(Health.down("gone"));
        assertThat(report(monitor).consecutiveFailures()).isEqualTo(1);
        assertThat(time.nanos()).isZero();
    }

    @Test
    void aProbeDuringARunReceivesTheResultOfTheNext() throws Exception {
        HealthMonitor monitor = startedWithCheck();
        FutureTask<Health> asked = new FutureTask<>(monitor.probe("db").orElseThrow()::check);
        Thread prober = new Thread(asked);
        var _ = check.says(() -> {
            var _ = check.says(Health.up());
            prober.start();
            Await.until("the probe waits", () -> prober.getState() == Thread.State.TIMED_WAITING);
            return Health.down("since before the probe");
        });

        time.advance(INTERVAL);

        assertThat(asked.get(30, TimeUnit.SECONDS)).isEqualTo(Health.up());
        assertThat(check.runs()).isEqualTo(3);
    }

    @Test
    void aProbeOfACheckThatIsRemovedEnds() throws Exception {
        HealthMonitor monitor = started();
        Registration db = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        HealthCheck probe = monitor.probe("db").orElseThrow();

        db.close();

        assertThat(monitor.probe("db")).isEmpty();
        assertThatThrownBy(probe::check)
                .isInstanceOf(CancellationException.class)
                .hasMessage("health check 'db': it does not run now");
    }

    private static FutureTask<Health> ask(HealthCheck probe) {
        FutureTask<Health> asked = new FutureTask<>(probe::check);
        Thread.ofVirtual().start(asked);
        return asked;
    }

    @Test
    void eventsCarryTheExceptionAndWhetherTheThresholdIsReached() {
        HealthMonitor _ = startedWithCheck();
        events.clear();
        IllegalStateException thrown = new IllegalStateException("broken");
        check.says(() -> {
            throw thrown;
        });

        time.advance(INTERVAL);
        time.advance(A_THIRD);
        time.advance(A_THIRD);

        assertThat(events.stream()
                        .filter(HealthEvent.CheckRan.class::isInstance)
                        .map(HealthEvent.CheckRan.class::cast)
                        .filter(ran -> ran.report().name().equals("db")))
                .allMatch(ran -> thrown.equals(ran.thrown()))
                .extracting(HealthEvent.CheckRan::isConfirmed)
                .containsExactly(false, false, true);
    }

    @Test
    void runsNothingBeforeItIsStarted() {
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, Runnable::run)
                .build();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(INTERVAL);
        assertThat(check.runs()).isZero();

        monitor.start();
        time.advance(Duration.ZERO);

        assertThat(check.runs()).isEqualTo(1);
    }

    @Test
    void measuresTheIntervalFromStartToStart() {
        check.says(() -> {
            time.advance(Duration.ofSeconds(4));
            return Health.up();
        });
        startedWithCheck();

        time.advance(Duration.ofSeconds(26));

        assertThat(check.runs()).isEqualTo(2);
    }

    @Test
    void shortensWaitsByUpToATenth() {
        HealthMonitor monitor = started(HealthCheckConfig.defaults(), () -> Long.MAX_VALUE);
        double jitter = 0.1 * ((RandomGenerator) () -> Long.MAX_VALUE).nextDouble();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);

        long earliest = (long) (INTERVAL.toNanos() * (1 - jitter));
        time.advance(Duration.ofNanos(earliest - 1));
        assertThat(check.runs()).isEqualTo(1);
        time.advance(Duration.ofNanos(1));

        assertThat(check.runs()).isEqualTo(2);
        assertThat(Duration.ofNanos(earliest)).isBetween(Duration.ofSeconds(27), INTERVAL);
    }

    @Test
    void runsAFailingCheckThreeTimesAsOften() {
        check.says(Health.down("no route"));
        HealthMonitor monitor = startedWithCheck();

        time.advance(A_THIRD);
        time.advance(A_THIRD);

        assertThat(check.runs()).isEqualTo(3);
        assertThat(report(monitor).consecutiveFailures()).isEqualTo(3);
    }

    @Test
    void letsTheFirstResultDecideAtOnce() {
        check.says(Health.down("no route"));

        HealthMonitor monitor = startedWithCheck();

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report(monitor).error()).isEqualTo("no route");
        assertThat(monitor.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void goesDownAfterAsManyFailuresInARowAsTheThreshold() {
        HealthMonitor monitor = startedWithCheck();
        check.says(Health.down("no route"));

        time.advance(INTERVAL);
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        assertThat(report(monitor).last()).isEqualTo(Health.down("no route"));
        time.advance(A_THIRD);
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        time.advance(A_THIRD);

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void countsOnlyFailuresInARow() {
        HealthMonitor monitor = startedWithCheck();
        for (int i = 0; i < 5; i++) {
            check.says(Health.down("flaky"));
            time.advance(INTERVAL);
            time.advance(A_THIRD);
            check.says(Health.up());
            time.advance(A_THIRD);
        }

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        assertThat(report(monitor).consecutiveFailures()).isZero();
    }

    @Test
    void recoversAfterAsManySuccessesAsTheThreshold() {
        HealthMonitor monitor = started();
        check.says(Health.down("no route"));
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().withThresholds(1, 2), check);
        time.advance(Duration.ZERO);
        check.says(Health.up());

        time.advance(A_THIRD);
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);
        time.advance(A_THIRD);

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void countsADegradedResultAsASuccess() {
        HealthMonitor monitor = startedWithCheck();

        check.says(Health.degraded("one of two replicas"));
        time.advance(INTERVAL);

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(report(monitor).consecutiveFailures()).isZero();
        assertThat(monitor.snapshot().overall()).isEqualTo(HealthStatus.DEGRADED);
    }

    @Test
    void isDownWhenACheckThrows() {
        check.says(() -> {
            throw new java.io.IOException("connection refused");
        });

        HealthMonitor monitor = startedWithCheck();

        assertThat(report(monitor).error()).isEqualTo("IOException: connection refused");
    }

    @Test
    void isDownWhenACheckThrowsAnError() {
        check.says(() -> {
            throw new NoClassDefFoundError("org/gone/Driver");
        });

        HealthMonitor monitor = startedWithCheck();

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report(monitor).error()).isEqualTo("NoClassDefFoundError: org/gone/Driver");
    }

    @Test
    void passesOutOfMemoryToTheRootOfTheThreadAndContinues() {
        List<Throwable> escaped = new ArrayList<>();
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, run -> {
                    try {
                        run.run();
                    } catch (OutOfMemoryError fatal) {
                        escaped.add(fatal);
                    }
                })
                .build();
        monitor.start();
        check.says(() -> {
            throw new OutOfMemoryError("heap");
        });
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);

        time.advance(Duration.ZERO);
        time.advance(INTERVAL);

        assertThat(escaped).hasSizeGreaterThan(1).allMatch(OutOfMemoryError.class::isInstance);
        assertThat(report(monitor).error()).isEqualTo("OutOfMemoryError: heap");
    }

    @Test
    void isDownWhenAnExceptionCannotBeDescribed() {
        check.says(() -> {
            throw new IllegalStateException() {
                @Override
                public String getMessage() {
                    throw new UnsupportedOperationException();
                }
            };
        });

        HealthMonitor monitor = startedWithCheck();

        assertThat(report(monitor).error()).startsWith("io.lynx.health.HealthMonitorTest$");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless check does
    void isDownWhenACheckReturnsNull() {
        check.says(() -> null);

        HealthMonitor monitor = startedWithCheck();

        assertThat(report(monitor).error()).isEqualTo("the check returned null; it must return a Health");
    }

    @Test
    void isDownWhenNoThreadCanBeStarted() {
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, time, _ -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                })
                .build();
        monitor.start();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);

        time.advance(Duration.ZERO);

        assertThat(report(monitor).error()).isEqualTo("RejectedExecutionException: full");
    }

    @Test
    void readsAStaleResultAsUnknown() {
        // The scheduler dies: nothing runs any more, but time goes on for the reader.
        ManualTime readersTime = new ManualTime();
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, readersTime, Runnable::run)
                .build();
        monitor.start();
        monitor.enter(Phase.SERVING);
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);

        readersTime.advance(Duration.ofSeconds(65));
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        readersTime.advance(Duration.ofNanos(1));

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(report(monitor).stale()).isTrue();
        assertThat(report(monitor).error()).startsWith("no new result since ");
        assertThat(monitor.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(monitor.snapshot().status(Group.LIVENESS))
                .as("the heartbeat has gone stale too")
                .isEqualTo(HealthStatus.UNKNOWN);
    }

    @Test
    void isHealthyAgainWithTheNextResultAfterAStaleOne() {
        ManualTime readersTime = new ManualTime();
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, readersTime, Runnable::run)
                .random(NO_JITTER)
                .build();
        monitor.start();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);
        readersTime.advance(Duration.ofSeconds(66));
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UNKNOWN);

        time.advance(INTERVAL);

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void ignoresChangesOfTheWallClock() {
        HealthMonitor monitor = startedWithCheck();

        time.jumpWallClock(Duration.ofHours(5));

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aRegistrationRemovesOnlyItsOwnCheck() {
        HealthMonitor monitor = startedWithCheck();
        Registration cache = monitor.register("cache", "cache", HealthCheckOptions.defaults(), Health::up);

        cache.close();
        assertThat(monitor.snapshot().check("cache")).isEmpty();
        var _ = monitor.register("cache", "cache", HealthCheckOptions.defaults(), Health::up);
        cache.close();

        assertThat(monitor.snapshot().checks())
                .extracting(CheckReport::name)
                .containsExactly("cache", "db", HealthMonitor.DEADLOCK, HealthMonitor.HEARTBEAT);
    }

    @Test
    void doesNotRunARemovedCheck() {
        HealthMonitor monitor = started();
        Registration db = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        time.advance(Duration.ZERO);

        db.close();
        time.advance(INTERVAL.multipliedBy(3));

        assertThat(check.runs()).isEqualTo(1);
    }

    @Test
    void acceptsTheNameOfARemovedCheck() {
        HealthMonitor monitor = started();
        monitor.register("db", "db", HealthCheckOptions.defaults(), check).close();

        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), () -> Health.down("new"));
        time.advance(Duration.ZERO);

        assertThat(report(monitor).error()).isEqualTo("new");
    }

    @Test
    void neitherRunsNorCountsADisabledCheck() {
        check.says(Health.down("no route"));
        HealthMonitor monitor = startedWithCheck();

        assertThat(monitor.enable("db", false)).isTrue();
        time.advance(INTERVAL.multipliedBy(3));

        assertThat(check.runs()).isEqualTo(1);
        assertThat(report(monitor).enabled()).isFalse();
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(report(monitor).last()).isNull();
        assertThat(monitor.snapshot().overall()).isEqualTo(HealthStatus.UP);
        assertThat(monitor.enable("nobody", false)).isFalse();
    }

    @Test
    void startsAnEnabledCheckAfresh() {
        check.says(Health.down("no route"));
        HealthMonitor monitor = startedWithCheck();
        monitor.enable("db", false);
        check.says(Health.up());

        monitor.enable("db", true);
        time.advance(Duration.ZERO);

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UP);
        assertThat(check.runs()).isEqualTo(2);
    }

    @Test
    void runsNothingWhenChecksAreDisabled() {
        HealthCheckConfig off = HealthCheckConfig.defaults().withEnabled(false);
        HealthMonitor monitor = started(off, NO_JITTER);
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);

        time.advance(INTERVAL);

        assertThat(check.runs()).isZero();
        assertThat(monitor.snapshot().overall()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void configurationOverridesTheOptionsOfACheck() {
        Check operators = Check.defaults()
                .withTimes(Duration.ofSeconds(3), null)
                .withThresholds(1, 1)
                .withCriticality(Criticality.INFO);
        HealthMonitor monitor = started(HealthCheckConfig.defaults().withCheck("db", operators), NO_JITTER);
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().withInterval(Duration.ofSeconds(7)), check);
        time.advance(Duration.ZERO);
        check.says(Health.down("no route"));

        time.advance(Duration.ofSeconds(3));

        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(report(monitor).criticality()).isEqualTo(Criticality.INFO);
        assertThat(monitor.snapshot().overall()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void appliesChangedSettingsAtOnce() {
        HealthMonitor monitor = startedWithCheck();

        monitor.apply(HealthCheckConfig.defaults()
                .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(1))
                .withThresholds(1, 1));
        time.advance(Duration.ofSeconds(1));
        check.says(Health.down("no route"));
        time.advance(Duration.ofSeconds(1));

        assertThat(check.runs()).isEqualTo(3);
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.DOWN);

        monitor.apply(
                HealthCheckConfig.defaults().withCheck("db", Check.defaults().withEnabled(false)));
        assertThat(report(monitor).enabled()).isFalse();
    }

    @Test
    void refusesATakenName() {
        HealthMonitor monitor = startedWithCheck();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.register("other", "db", HealthCheckOptions.defaults(), check))
                .withMessage("health check 'db' (plugin other): the name is taken by a check of plugin db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Db", "1st", "a b", "a..b", "a.", "-a", "a/b", "ünde"})
    void refusesAnIllegalName(String name) {
        HealthMonitor monitor = started();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.register("db", name, HealthCheckOptions.defaults(), check))
                .withMessageStartingWith(
                        "health check '" + name + "' (plugin db): not a valid name; allowed are lower-case letters");
    }

    @Test
    void refusesANameThatIsTooLong() {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "x".repeat(100), HealthCheckOptions.defaults(), check);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.register("db", "x".repeat(101), HealthCheckOptions.defaults(), check))
                .withMessageEndingWith("at most 100 characters");
    }

    @Test
    void refusesMoreChecksThanTheMaximum() {
        HealthMonitor monitor = started();
        for (int i = monitor.snapshot().checks().size(); i < HealthMonitor.MAX_CHECKS; i++) {
            var _ = monitor.register("many", "many-" + i, HealthCheckOptions.defaults(), check);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.register("many", "one-more", HealthCheckOptions.defaults(), check))
                .withMessage(
                        "health check 'one-more' (plugin many): there are 10000 checks already, which is the maximum");
    }

    @Test
    void refusesAnExternalCheckInLiveness() {
        HealthMonitor monitor = started();
        HealthCheckOptions liveness = HealthCheckOptions.defaults().withGroups(Group.LIVENESS, Group.READINESS);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.register("db", "db", liveness, check))
                .withMessage("health check 'db' (plugin db) is external; liveness accepts internal() checks only, "
                        + "since a restart does not repair a dependency. Use READINESS");
        var _ = monitor.register("worker", "worker.loop", liveness.internal(), check);
        assertThat(monitor.snapshot().check("worker.loop")).isPresent();
    }

    @Test
    void refusesSettingsThatPutAnExternalCheckInLiveness() {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults(), check);
        HealthCheckConfig config = HealthCheckConfig.defaults();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> monitor.apply(config.withEnabled(false)
                        .withCheck("db", Check.defaults().withGroups(Group.LIVENESS))))
                .withMessageStartingWith("health check 'db' (plugin db) is external");
        assertThat(report(monitor).enabled()).as("nothing was changed").isTrue();

        monitor.apply(config.withCheck("db", Check.defaults().withGroups(Group.STARTUP)));
        assertThat(report(monitor).groups()).containsExactly(Group.STARTUP);
    }

    @Test
    void refusesNewChecksOnceClosed() {
        HealthMonitor monitor = startedWithCheck();
        monitor.close();
        monitor.close();

        time.advance(Duration.ofHours(1));

        assertThat(check.runs()).isEqualTo(1);
        assertThat(time.pending()).isZero();
        assertThat(report(monitor).status()).as("the last word stays").isEqualTo(HealthStatus.UP);
        assertThatIllegalStateException()
                .isThrownBy(() -> monitor.register("db", "late", HealthCheckOptions.defaults(), check))
                .withMessage("health check 'late' (plugin db): the health monitor is closed");
    }

    @Test
    void notifiesListenersOfChanges() {
        HealthMonitor monitor = startedWithCheck();
        time.advance(INTERVAL);
        events.clear();
        check.says(Health.down("no route"));

        time.advance(INTERVAL);
        time.advance(A_THIRD);
        assertThat(changes()).isEmpty();
        time.advance(A_THIRD);

        CheckReport down = report(monitor);
        assertThat(changes())
                .containsExactly(
                        new HealthEvent.CheckChanged(down, HealthStatus.UP),
                        new HealthEvent.StatusChanged(Group.READINESS, HealthStatus.UP, HealthStatus.DOWN),
                        new HealthEvent.StatusChanged(null, HealthStatus.UP, HealthStatus.DOWN));
    }

    private List<HealthEvent> changes() {
        return events.stream()
                .filter(event -> !(event instanceof HealthEvent.CheckRan))
                .toList();
    }

    @Test
    void notifiesListenersOfEveryRunAndItsOutcome() {
        startedWithCheck();
        check.says(Health.down("no route"));
        time.advance(INTERVAL);
        check.says(() -> {
            throw new IllegalStateException("gone");
        });
        time.advance(A_THIRD);

        assertThat(events.stream()
                        .filter(event -> event instanceof HealthEvent.CheckRan ran
                                && ran.report().name().equals("db"))
                        .map(event -> ((HealthEvent.CheckRan) event).outcome()))
                .containsExactly(
                        HealthEvent.Outcome.HEALTHY, HealthEvent.Outcome.UNHEALTHY, HealthEvent.Outcome.EXCEPTION);
    }

    @Test
    void notifiesListenersOfAStaleResult() {
        ManualTime readersTime = new ManualTime();
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, readersTime, Runnable::run)
                .build();
        monitor.start();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(Duration.ZERO);
        var _ = monitor.addListener("test", events::add);

        readersTime.advance(Duration.ofMinutes(2));
        time.advance(Heartbeat.PERIOD);

        assertThat(changes()).contains(new HealthEvent.CheckChanged(report(monitor), HealthStatus.UP));
        assertThat(report(monitor).status()).isEqualTo(HealthStatus.UNKNOWN);
    }

    @Test
    void continuesWhenAListenerThrows() {
        HealthMonitor monitor = started();
        var _ = monitor.addListener("broken", _ -> {
            throw new StackOverflowError("consumer");
        });
        List<HealthEvent> second = new ArrayList<>();
        var _ = monitor.addListener("second", second::add);

        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        time.advance(INTERVAL);

        assertThat(check.runs()).isEqualTo(2);
        assertThat(second).isNotEmpty();
    }

    @Test
    void publishesLaterChangesAfterAListenerHasThrownAFatalError() {
        HealthMonitor monitor = startedWithCheck();
        Registration failing = monitor.addListener("fatal", event -> {
            if (event instanceof HealthEvent.CheckChanged) {
                throw new OutOfMemoryError("in a test");
            }
        });
        check.says(Health.down("gone"));
        List<Throwable> thrown = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            thrown.add(catchThrowable(() -> time.advance(INTERVAL)));
        }
        assertThat(thrown).hasAtLeastOneElementOfType(OutOfMemoryError.class);
        events.clear();

        failing.close();
        check.says(Health.up());
        for (int i = 0; i < 5; i++) {
            time.advance(INTERVAL);
        }

        assertThat(events).hasAtLeastOneElementOfType(HealthEvent.CheckChanged.class);
    }

    @Test
    void allowsAListenerToCallTheMonitor() {
        HealthMonitor monitor = started();
        Registration db =
                monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        var _ = monitor.addListener("test", event -> {
            if (event instanceof HealthEvent.CheckChanged changed
                    && changed.report().name().equals("db")) {
                db.close();
            }
        });

        time.advance(Duration.ZERO);

        assertThat(monitor.snapshot().check("db")).isEmpty();
    }

    @Test
    void awaitsTheFirstResultOfEachCriticalCheck() throws InterruptedException {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        var _ = monitor.register("x", "x", HealthCheckOptions.defaults().withCriticality(Criticality.INFO), check);

        assertThat(monitor.awaitFirstResults(Deadline.after(Duration.ZERO, time), time))
                .isFalse();
        assertThat(monitor.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.UNKNOWN);
        time.advance(Duration.ZERO);

        assertThat(monitor.awaitFirstResults(Deadline.after(Duration.ZERO, time), time))
                .isTrue();
        assertThat(monitor.snapshot().status(Group.READINESS)).isEqualTo(HealthStatus.UP);
    }

    @Test
    void theDeadlineEndsTheWaitForFirstResults() throws Exception {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        ManualTime alarms = new ManualTime();
        FutureTask<Boolean> wait = new FutureTask<>(
                () -> monitor.awaitFirstResults(Deadline.after(Duration.ofSeconds(1), alarms), alarms));
        Thread.ofPlatform().name("test-wait").start(wait);
        Await.until("the alarm is set", () -> alarms.pending() == 1);

        alarms.advance(Duration.ofSeconds(1));

        assertThat(wait.get()).isFalse();
    }

    @Test
    void closingEndsTheWaitForFirstResults() throws Exception {
        HealthMonitor monitor = started();
        var _ = monitor.register("db", "db", HealthCheckOptions.defaults().internal(), check);
        ManualTime alarms = new ManualTime();
        FutureTask<Boolean> wait = new FutureTask<>(
                () -> monitor.awaitFirstResults(Deadline.after(Duration.ofSeconds(1), alarms), alarms));
        Thread.ofPlatform().name("test-wait").start(wait);
        Await.until("the alarm is set", () -> alarms.pending() == 1);

        monitor.close();

        assertThat(wait.get()).isFalse();
    }

    @Test
    void staysAliveWhileItsSchedulerTicks() {
        HealthMonitor monitor = started();

        time.advance(Duration.ofMinutes(10));

        assertThat(monitor.snapshot().status(Group.LIVENESS)).isEqualTo(HealthStatus.UP);
        assertThat(monitor.snapshot()
                        .check(HealthMonitor.DEADLOCK)
                        .orElseThrow()
                        .consecutiveSuccesses())
                .isGreaterThan(15);
        assertThat(monitor.snapshot()
                        .check(HealthMonitor.HEARTBEAT)
                        .orElseThrow()
                        .consecutiveSuccesses())
                .isGreaterThan(50);
    }
}
