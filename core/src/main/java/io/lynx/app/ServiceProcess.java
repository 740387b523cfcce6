package io.lynx.app;

import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.extension.UserCode;
import io.lynx.extension.watch.PeriodicTask;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthStatus;
import io.lynx.os.ExitCall;
import io.lynx.os.ProcessSignal;
import io.lynx.os.QuitSignal;
import io.lynx.os.ServiceNotifier;
import io.lynx.os.SignalOutcome;
import io.lynx.os.Signals;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.net.BindException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 *   signal ──first──▶ application.requestStop, watchdog armed ──▶ sequence ends ──▶ main thread: System.exit(code)
 *          ──within 1 s──▶ the same request again (wrappers and terminals send twice)
 *          ──later──▶ short report on stderr, halt(128 + n)
 *
 * A call of System.exit by any other code runs the same sequence in a JVM hook, which waits for it.
 */

/** A process that runs one application: its signals, its service manager, its exit. {@link Lynx#run} makes the only one. */
final class ServiceProcess implements ProcessHooks {
    private static final long SAME_REQUEST_NANOS = Duration.ofSeconds(1).toNanos();
    /** Signals that halt the process when they arrive again; HUP and QUIT have other meanings, too. */
    private static final Set<ProcessSignal> ENDING = EnumSet.of(ProcessSignal.TERM, ProcessSignal.INT);

    private static final long NEVER = Long.MIN_VALUE;

    private final Ticker ticker = Ticker.system();
    private final long startedAt = ticker.nanos();
    private final SystemScheduler timers = new SystemScheduler("lynx-process", Runnable::run);
    private final AtomicLong firstSignalAt = new AtomicLong(NEVER);
    private final ProcessEnd end = new ProcessEnd(timers, this::shutdownReport);
    private final ServiceNotifier notifier = ServiceNotifier.of(System.getenv(), message -> log().warn(message));
    private @Nullable Signals signals;
    private volatile @Nullable Application application;
    private volatile ShutdownConfig config = ShutdownConfig.DEFAULTS;
    private volatile Duration budget = ShutdownConfig.DEFAULTS.timeout();
    private volatile @Nullable ExitCall exitCall;

    /** Runs the application and returns the exit code. */
    static int run(String[] args, Consumer<Application.Builder> setup) {
        ServiceProcess process = new ServiceProcess();
        process.signals = Signals.install(
                EnumSet.of(ProcessSignal.TERM, ProcessSignal.INT, ProcessSignal.HUP), process::received);
        return process.live(args, setup);
    }

    private int live(String[] args, Consumer<Application.Builder> setup) {
        Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
        try {
            Application.Builder builder = Application.builder().args(args).process(this, startedAt);
            new SetupDeadline(
                            () -> SetupDeadline.budget(
                                    args, System.getProperty(SetupDeadline.KEY), System.getenv("LYNX_STARTUP_TIMEOUT")),
                            this::setupOverdue)
                    .watch(() -> setup.accept(builder));
            Application made = builder.build();
            application = made;
            if (!stopAtExit(made)) {
                return ExitCode.OK; // The code of the exit that is in progress counts.
            }
            made.start();
            return awaitStop(made);
        } catch (ConfigurationException wrong) {
            explain(wrong);
            return ExitCode.CONFIGURATION;
        } catch (StartException failure) {
            return exitCodeOf(failure);
        } catch (Throwable failure) {
            if (UserCode.isFatal(failure)) {
                virtualMachineFailed(failure);
            }
            if (isExiting()) {
                log().debug("The process exits while the application is set up", failure);
            } else {
                log().error("Uncaught exception in the main thread", failure);
            }
            return ExitCode.INTERNAL;
        }
    }

    /** Returns whether a signal came before there was an application: the process exits meanwhile, with the code of that. */
    private boolean isExiting() {
        return firstSignalAt.get() != NEVER && application == null;
    }

    /** Makes a call of System.exit shut the application down; returns false if the process exits already. */
    private boolean stopAtExit(Application made) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopForExit(made), "lynx-exit"));
            return true;
        } catch (IllegalStateException exiting) {
            return false;
        }
    }

    private static int awaitStop(Application application) {
        while (true) {
            try {
                return application.awaitStop().exitCode();
            } catch (InterruptedException _) {
                // The main thread has nothing else to do than to wait.
            }
        }
    }

    private void stopForExit(Application application) {
        ExitCall call = exitCall;
        application.requestStop(new ShutdownTrigger.SystemExit(call == null ? null : call.status()));
        int _ = awaitStop(application);
    }

    private void setupOverdue(String message) {
        end.arm(budget);
        log().error("Cannot start: {}", message);
        System.exit(ExitCode.START_DEADLINE);
    }

    private static void explain(ConfigurationException wrong) {
        StringBuilder text = new StringBuilder("Cannot start, the configuration is wrong:\n");
        for (ConfigProblem problem : wrong.problems()) {
            text.append("  ").append(problem.message()).append('\n');
        }
        System.err.print(text);
        System.err.flush();
    }

    private int exitCodeOf(StartException failure) {
        if (firstSignalAt.get() != NEVER) {
            return failure.exitCode();
        }
        if (failure.getCause() instanceof BindException) {
            // The message names the address; no line of code is to blame for it.
            log().error("Cannot start: {}", failure.getMessage());
            log().debug("The listener failed to open here", failure.getCause());
        } else {
            log().error("Cannot start: {}", failure.getMessage(), failure.getCause());
        }
        return failure.exitCode();
    }

    /** Runs on the thread of the signal. */
    private void received(ProcessSignal signal) {
        long now = ticker.nanos();
        if (firstSignalAt.compareAndSet(NEVER, now)) {
            try {
                beginStop(signal);
            } catch (Throwable failure) {
                // Without a file descriptor or memory, a class may not be loaded: a signal that does nothing would be
                // worse.
                end.fail(ExitCode.UNCLEAN_SHUTDOWN, "the shutdown cannot begin: halting now");
            }
        } else if (ENDING.contains(signal) && now - firstSignalAt.get() > SAME_REQUEST_NANOS) {
            end.halt(signal.exitCode(), "SIG" + signal + " again: halting now");
        }
    }

    private void beginStop(ProcessSignal signal) {
        Application stopping = application;
        if (stopping == null) {
            end.arm(budget);
            System.exit(signal.exitCode());
        } else {
            stopping.requestStop(new ShutdownTrigger.Signal(signal.name(), signal.number()));
        }
    }

    @Override
    public void configured(ShutdownConfig bound) {
        config = bound;
        Signals installed = signals;
        if (installed == null) {
            return;
        }
        if (bound.hangup() == ShutdownConfig.OnHangup.IGNORE) {
            installed.ignore(ProcessSignal.HUP);
        }
        if (bound.quit() == ShutdownConfig.OnQuit.STOP) {
            log().info("SIGQUIT: prints a thread dump and does not shut down until the application is ready");
        }
        for (SignalOutcome outcome : installed.outcomes()) {
            if (!outcome.isInstalled()) {
                log().warn(outcome.describe());
            }
        }
    }

    @Override
    public void ready() {
        notifier.ready();
        notifier.watchdogTimeout().ifPresent(timeout -> serveWatchdog(timeout.dividedBy(2)));
        Thread.ofPlatform().name("lynx-native-setup").daemon().start(this::prepareNativeCalls);
    }

    /** Pings the watchdog of the service manager while the process is alive, until it exits. */
    private void serveWatchdog(Duration interval) {
        pingWatchdog();
        new PeriodicTask("watchdog", timers, this::pingWatchdog).start(interval);
    }

    private void pingWatchdog() {
        Application watched = application;
        if (watched != null && isAlive(watched)) {
            notifier.watchdog();
        }
    }

    /** Liveness counts the heartbeat of the framework and deadlocks; a shutdown has a watchdog of its own. */
    private static boolean isAlive(Application application) {
        return application.state() != ApplicationState.READY
                || application.health().snapshot().status(Group.LIVENESS) != HealthStatus.DOWN;
    }

    /** Runs after the start, since the foreign function calls behind it are cold. */
    private void prepareNativeCalls() {
        exitCall = ExitCall.observe();
        end.prepare();
        if (config.quit() == ShutdownConfig.OnQuit.STOP) {
            handleQuit();
        }
    }

    private void handleQuit() {
        SignalOutcome outcome = QuitSignal.install(
                        () -> received(ProcessSignal.QUIT), message -> log().warn(message), InstantSource.system())
                .outcome();
        if (outcome.isInstalled()) {
            log().debug(outcome.describe());
        } else {
            log().warn(outcome.describe());
        }
    }

    @Override
    public void stopping(Duration given) {
        budget = given;
        end.arm(given);
        notifier.stopping();
    }

    private void uncaught(Thread thread, Throwable failure) {
        if (UserCode.isFatal(failure)) {
            virtualMachineFailed(failure);
        }
        log().atError()
                .addKeyValue("thread", thread.getName())
                .setCause(failure)
                .log("Uncaught exception");
    }

    @Override
    public void virtualMachineFailed(Throwable error) {
        String why = "the virtual machine failed: halting now";
        try {
            why += ": " + error;
        } catch (Throwable _) {
            // Out of memory, most likely: the line goes without it.
        }
        end.fail(ExitCode.VIRTUAL_MACHINE, why);
    }

    private Optional<ShutdownReport> shutdownReport() {
        Application stopping = application;
        return stopping == null ? Optional.empty() : stopping.shutdownReport();
    }

    private static Logger log() {
        return Backend.LOG;
    }

    /** Loaded with the first line, since loading the logging takes time and the signal handling goes first. */
    private static final class Backend {
        private static final Logger LOG = LoggerFactory.getLogger("io.lynx");
    }
}
