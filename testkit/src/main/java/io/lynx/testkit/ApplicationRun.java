package io.lynx.testkit;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One life of the application of a test, from its start to its end. The test's thread waits in real time, while the application
 * starts and stops on threads of its own, so that a plugin that hangs on manual time does not hang the test.
 */
final class ApplicationRun {
    /** How manual time moves while a start or shutdown waits for nothing but time: slowly, so that what needs real time gets some. */
    private static final Duration STEP = Duration.ofMillis(100);

    /** The real time between two steps, and between two looks at what is waited for. */
    private static final long PAUSE_NANOS = 2_000_000;

    private static final long POLL_NANOS = 200_000;

    /** What first results of health checks get on real time. */
    private static final Duration FIRST_RESULTS = Duration.ofSeconds(1);

    /** The real time that they get before they get that on manual time. */
    private static final Duration UNTIL_FIRST_RESULTS = Duration.ofSeconds(2);

    /** The real time that listeners have for their announcement before a drain delay passes on manual time. */
    private static final Duration UNTIL_DELAY = Duration.ofMillis(500);

    private final LynxTestPlan plan;
    private final TestTime time;
    private final PluginProbes probes;
    private final Captures captures;
    private final TestLoader loader = TestLoader.create();
    private Registration logs = () -> {};
    private @Nullable ForgottenTest forgotten;
    private volatile @Nullable Thread starter;
    private volatile @Nullable Application application;
    private volatile @Nullable ShutdownReport report;
    private Duration nextFirstResults = UNTIL_FIRST_RESULTS;
    private boolean isTaken;
    private boolean wasReady;

    ApplicationRun(LynxTestPlan plan, TestTime time, PluginProbes probes, Captures captures) {
        this.plan = plan;
        this.time = time;
        this.probes = probes;
        this.captures = captures;
    }

    TestLoader loader() {
        return loader;
    }

    boolean isBegun() {
        return starter != null;
    }

    /** Returns whether it was started and has not ended. */
    boolean isUp() {
        return isBegun() && !isOver();
    }

    private boolean isOver() {
        Application built = application;
        return built != null && endOf(built).isPresent();
    }

    private static Optional<ShutdownReport> endOf(Application application) {
        return application.shutdownReport().filter(ShutdownReport::isOver);
    }

    /** Returns whether its start has succeeded. */
    boolean wasReady() {
        return wasReady;
    }

    Application application() {
        Application built = application;
        if (built == null) {
            throw new IllegalStateException("application: was not started");
        }
        return built;
    }

    void start() {
        probes.beginRun();
        captures.beginRun();
        logs = captures.logs().begin(loader);
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("lynx-test-start").daemon().unstarted(() -> {
            try {
                Application built = plan.application(time, probes);
                application = built;
                built.start();
                started.complete(null);
            } catch (Throwable failure) {
                started.completeExceptionally(failure);
            }
        });
        thread.setContextClassLoader(loader);
        starter = thread;
        thread.start();
        if (!await(started, this::giveFirstResultsTheirTime)) {
            String where = whereItHangs(thread);
            abandon();
            throw new AssertionError(
                    "the application is not READY after " + plan.patience().toMillis() + " ms; " + where);
        }
        rethrow(started);
        wasReady = true;
        captures.begin(application());
        forgotten = ForgottenTest.register();
    }

    /** Waits for {@code done} in the patience of the test; {@code meanwhile} is called with the time since the beginning. */
    private boolean await(CompletableFuture<?> done, java.util.function.Consumer<Duration> meanwhile) {
        Ticker ticker = Ticker.system();
        long from = ticker.nanos();
        Deadline end = Deadline.after(plan.patience(), ticker);
        while (!done.isDone()) {
            if (end.isExpired()) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for the application");
            }
            meanwhile.accept(Duration.ofNanos(ticker.nanos() - from));
            moveTime(time.isManualTimeWanted());
        }
        return true;
    }

    private static void rethrow(CompletableFuture<?> done) {
        try {
            done.join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }

    /** On manual time, lets the start go on without the first result of a check that hangs, as it does on real time. */
    private void giveFirstResultsTheirTime(Duration elapsed) {
        boolean isWaiting = time.isManual()
                && elapsed.compareTo(nextFirstResults) > 0
                && probes.all().stream().allMatch(probe -> probe.call() == null && probe.context() != null);
        if (isWaiting) {
            // No faster than real time, since a listener that is about to open has a limit too.
            nextFirstResults = elapsed.plus(FIRST_RESULTS);
            advance(FIRST_RESULTS);
        }
    }

    private String whereItHangs(Thread thread) {
        StringBuilder where = new StringBuilder();
        probes.all().forEach(probe -> {
            PluginProbe.Call call = probe.call();
            if (call != null) {
                where.append(where.isEmpty() ? "" : "; ")
                        .append("plugin '")
                        .append(probe.id())
                        .append("' is in ")
                        .append(call.method())
                        .append("(), ")
                        .append(StackText.of(call.thread().getStackTrace()));
            }
        });
        return where.isEmpty() ? "it is " + StackText.of(thread.getStackTrace()) : where.toString();
    }

    /** Makes a start that hangs end, so that nothing of it disturbs the next test. */
    private void abandon() {
        probes.allFaults().forEach(FaultPlan::clear);
        Thread thread = starter;
        Application built = application;
        if (built == null) {
            if (thread != null) {
                thread.interrupt();
            }
            return;
        }
        inContext(() -> built.requestStop("the test gave up on it"));
        report = awaitEnd(built, true).orElse(null);
        isTaken = true;
    }

    /** Moves manual time on; threads that due tasks create belong to the application. */
    void advance(Duration duration) {
        inContext(() -> time.manual().advance(duration));
    }

    private void inContext(Runnable action) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            action.run();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    void restart(String plugin) {
        Application built = application();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().name("lynx-test-restart").daemon().unstarted(() -> {
            try {
                built.restart(plugin);
                done.complete(null);
            } catch (Throwable failure) {
                done.completeExceptionally(failure);
            }
        });
        thread.setContextClassLoader(loader);
        thread.start();
        if (!await(done, _ -> {})) {
            throw new AssertionError("plugin '" + plugin + "' has not restarted after "
                    + plan.patience().toMillis() + " ms; " + whereItHangs(thread));
        }
        rethrow(done);
    }

    /** Shuts it down for the test, which judges the report. */
    ShutdownReport stop() {
        isTaken = true;
        return shutDown();
    }

    /** Shuts it down at the end of the test, and returns what went wrong unless the test has taken the report. */
    List<String> end() {
        if (application == null) {
            logs.close();
            return List.of();
        }
        ShutdownReport ended = shutDown();
        return isTaken ? List.of() : ShutdownProblems.of(ended);
    }

    private ShutdownReport shutDown() {
        Application built = application();
        ShutdownReport known = report;
        if (known != null) {
            return known;
        }
        inContext(() -> built.requestStop("the test ends"));
        ShutdownReport ended =
                awaitEnd(built, false).or(() -> awaitEnd(built, true)).orElse(null);
        logs.close();
        if (forgotten != null) {
            forgotten.unregister();
        }
        if (ended == null) {
            throw new AssertionError("the shutdown has not ended after "
                    + plan.patience().toMillis() + " ms: "
                    + built.shutdownReport().map(ShutdownProblems::of).orElse(List.of()));
        }
        report = ended;
        return ended;
    }

    /**
     * Waits for the end of the shutdown.
     *
     * @param isForced whether manual time is moved until the shutdown's own deadlines end it; real time moves by itself, so that it
     *     is not waited for again
     */
    private Optional<ShutdownReport> awaitEnd(Application built, boolean isForced) {
        if (isForced && !time.isManual()) {
            return endOf(built);
        }
        Deadline end = Deadline.after(isForced ? Await.PATIENCE : plan.patience(), Ticker.system());
        Deadline untilDelay = Deadline.after(UNTIL_DELAY, Ticker.system());
        while (endOf(built).isEmpty() && !end.isExpired()) {
            boolean isDelayed = time.isManual() && untilDelay.isExpired() && isInDelay(built);
            moveTime(isForced || isDelayed || time.isManualTimeWanted());
        }
        return endOf(built);
    }

    private void moveTime(boolean isTimeWanted) {
        if (isTimeWanted) {
            advance(STEP);
        }
        LockSupport.parkNanos(isTimeWanted ? PAUSE_NANOS : POLL_NANOS);
    }

    /** Returns whether the shutdown waits for nothing but the drain delay, which only time ends. */
    private static boolean isInDelay(Application built) {
        return built.shutdownReport()
                .map(ShutdownReport::phases)
                .filter(phases -> !phases.isEmpty())
                .filter(phases -> phases.getLast().name() == ShutdownReport.Phase.Name.DELAY)
                .isPresent();
    }
}
