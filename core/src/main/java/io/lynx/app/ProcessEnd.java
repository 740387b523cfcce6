package io.lynx.app;

import io.lynx.app.telemetry.ShutdownText;
import io.lynx.container.ThreadStarter;
import io.lynx.os.PromptExit;
import io.lynx.os.ShutdownHooks;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The end of the process. It ends the process when a shutdown has exceeded its budget, whatever hangs: a plugin, a JVM shutdown
 * hook of the application, the sequence itself. When half and nine tenths of the budget have passed and only the hooks are left,
 * it names the one that the exit waits for. Thread-safe.
 */
final class ProcessEnd {
    /** The time that a shutdown which has just exceeded its budget still has to exit without being forced. */
    private static final Duration RESERVE = Duration.ofMillis(100);

    /**
     * The time that standard error has for the last line of a process whose caller waits for its end. It matters only if standard
     * error hangs; on a busy machine, the thread that writes may not run for some tenths of a second.
     */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** The same where nothing waits. */
    private static final Duration PATIENT_LAST_WORDS = Duration.ofSeconds(5);

    private static final Duration OVERDUE_LAST_WORDS = Duration.ofMillis(120);
    /** Memory may be exhausted at first and free again when what filled it has been unwound. */
    private static final int ATTEMPTS = 3;

    private static final int FRAMES = 12;

    private final Scheduler timers;
    private final Supplier<Optional<ShutdownReport>> report;
    private volatile List<Thread> hooks = List.of();
    private volatile PromptExit exit = PromptExit.BY_JVM;

    /**
     * Creates an end that watches nothing yet.
     *
     * @param timers runs its tasks on a platform thread
     * @param report returns the report of the shutdown; empty if there is none
     */
    ProcessEnd(Scheduler timers, Supplier<Optional<ShutdownReport>> report) {
        this.timers = timers;
        this.report = report;
    }

    /**
     * Prepares an exit that waits for nothing; the foreign function calls behind it are cold. The thread of the timers starts, since
     * the operating system may have none left when a shutdown begins.
     */
    void prepare() {
        Scheduler.Scheduled _ = timers.after(Duration.ZERO, () -> {});
        exit = PromptExit.prepare();
    }

    /** Begins to count the budget of a shutdown. */
    void arm(Duration budget) {
        for (int percent : new int[] {50, 90}) {
            Scheduler.Scheduled _ = timers.after(budget.multipliedBy(percent).dividedBy(100), this::nameHooks);
        }
        Scheduler.Scheduled _ = timers.after(
                budget.plus(RESERVE),
                () -> halt(
                        ExitCode.UNCLEAN_SHUTDOWN,
                        "the shutdown exceeded its budget of " + budget.toMillis() + " ms: halting now",
                        OVERDUE_LAST_WORDS));
    }

    /** On a thread of its own, since standard error may hang. */
    private void nameHooks() {
        if (report.get().filter(ShutdownReport::isOver).isPresent()) {
            Thread _ = ThreadStarter.SYSTEM.start(
                    Thread.ofPlatform().name("lynx-exit-slow").daemon(), () -> {
                        hooks = ShutdownHooks.awaited();
                        if (!hooks.isEmpty()) {
                            System.err.println("lynx: the exit is still in progress" + state());
                        }
                    });
        }
    }

    /** Ends the process with a last line. */
    void halt(int exitCode, String why) {
        halt(exitCode, why, LAST_WORDS);
    }

    /** Ends a process that cannot go on, with a last line that says why. */
    void fail(int exitCode, String why) {
        halt(exitCode, why, PATIENT_LAST_WORDS);
    }

    /** Another thread ends the process if standard error does not take the last line in time. */
    private void halt(int exitCode, String why, Duration patience) {
        try {
            boolean isWritten = false;
            for (int attempt = 0; attempt < ATTEMPTS && !isWritten; attempt++) {
                isWritten = writeLastLine(exitCode, why, patience);
            }
        } finally {
            exit.now(exitCode);
        }
    }

    private boolean writeLastLine(int exitCode, String why, Duration patience) {
        try {
            Scheduler.Scheduled _ =
                    new SystemScheduler("lynx-halt", Runnable::run).after(patience, () -> exit.now(exitCode));
            System.err.println("lynx: " + why + state());
            System.err.flush();
            return true;
        } catch (Throwable _) {
            return false;
        }
    }

    private String state() {
        return report.get()
                .map(known -> known.isOver() ? afterShutdown(known) : ShutdownText.unfinished(known))
                .orElse("");
    }

    private String afterShutdown(ShutdownReport over) {
        String stopped = "; the application stopped after " + over.took().toMillis() + " ms";
        List<Thread> waitedFor = hooks.stream().filter(Thread::isAlive).toList();
        return waitedFor.isEmpty()
                ? stopped
                : stopped + ", and the JVM shutdown hook that is waited for is "
                        + waitedFor.stream().map(ProcessEnd::describe).collect(Collectors.joining(", or "));
    }

    private static String describe(Thread thread) {
        return "'" + thread.getName() + "' at "
                + Arrays.stream(thread.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < "));
    }
}
