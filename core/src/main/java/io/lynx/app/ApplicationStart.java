package io.lynx.app;

import io.lynx.app.reload.ReloadConfig;
import io.lynx.config.ConfigurationException;
import io.lynx.container.PluginStartException;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthSnapshot;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * There is one budget, lynx.startup.timeout, from before the first descriptor and configuration record until the application is
 * ready. Both are user code and may hang, so they run on a thread of their own; the thread that starts the application waits.
 *
 * A start that fails is not rolled back here. It requests the shutdown, like everything else, and waits for its end.
 */

/** The start of one application. Used once, by the thread that starts it. */
final class ApplicationStart {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** What the health checks get to produce their first results. */
    private static final Duration FIRST_HEALTH = Duration.ofSeconds(1);

    private static final int FRAMES = 12;

    private final ApplicationTime time;
    private final long beganAt;
    private final AtomicReference<ApplicationState> state;
    private final CompletableFuture<Optional<ApplicationParts>> assembled;
    private final ApplicationShutdown shutdown;
    private final ProcessHooks hooks;

    /**
     * Creates the start.
     *
     * @param beganAt the ticker's reading at the beginning of the budget
     */
    ApplicationStart(
            ApplicationTime time,
            long beganAt,
            AtomicReference<ApplicationState> state,
            CompletableFuture<Optional<ApplicationParts>> assembled,
            ApplicationShutdown shutdown,
            ProcessHooks hooks) {
        this.time = time;
        this.beganAt = beganAt;
        this.state = state;
        this.assembled = assembled;
        this.shutdown = shutdown;
        this.hooks = hooks;
    }

    /**
     * Starts the application and returns when it is ready.
     *
     * @param draft reads the configuration and the plugins' descriptors
     * @param assemble makes the parts
     */
    void run(Blueprint.Draft draft, Function<Blueprint, ApplicationParts> assemble, Runnable reload) {
        ApplicationParts parts = assemble(draft, assemble);
        try {
            Deadline deadline = deadline(parts.blueprint().startup().timeout());
            parts.container().start(deadline);
            boolean _ = parts.health().awaitFirstResults(deadline.atMost(FIRST_HEALTH), time.deadlines());
        } catch (PluginStartException failure) {
            throw failed(parts, failure);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw failed(parts, cancelled, "the start was interrupted", ExitCode.INTERNAL);
        } catch (RuntimeException | Error failure) {
            throw failed(parts, failure, "the start failed: " + UserCode.describe(failure), ExitCode.INTERNAL);
        }
        parts.watch()
                .begin(
                        parts.reload()::tried,
                        reload,
                        parts.config().inForce().get(ReloadConfig.SECTION).watchInterval());
        parts.health().enter(HealthSnapshot.Phase.SERVING);
        if (!state.compareAndSet(ApplicationState.STARTING, ApplicationState.READY)) {
            throw failed(parts, new InterruptedException(), "a shutdown was requested during the start", ExitCode.OK);
        }
        parts.lifecycle()
                .publish(new LifecycleEvent.Ready(
                        parts.blueprint().identity(),
                        parts.container().traffic().urls(),
                        elapsed()));
        parts.blueprint().unusedLeaderships(parts.container().leaderships()).forEach(LOG::warn);
        hooks.ready();
    }

    private Duration elapsed() {
        return Duration.ofNanos(time.ticker().nanos() - beganAt);
    }

    private Deadline deadline(Duration budget) {
        return Deadline.after(budget.minus(elapsed()), time.ticker());
    }

    private ApplicationParts assemble(Blueprint.Draft draft, Function<Blueprint, ApplicationParts> assemble) {
        try {
            ApplicationParts parts = assemble.apply(draw(draft));
            parts.lifecycle()
                    .publish(new LifecycleEvent.Starting(
                            parts.blueprint().identity(),
                            parts.blueprint().config().sources()));
            parts.health().start();
            parts.metrics().start();
            hooks.configured(parts.blueprint().shutdown());
            assembled.complete(Optional.of(parts));
            return parts;
        } catch (RuntimeException | Error failure) {
            if (UserCode.isFatal(failure)) {
                hooks.virtualMachineFailed(failure);
            }
            shutdown.startFailed(exitCode(failure));
            assembled.complete(Optional.empty());
            shutdown.request(new ShutdownTrigger.StartFailure("nothing was opened"));
            ShutdownReport report = shutdown.join();
            if (failure instanceof StartException start && start.exitCode() == ExitCode.OK) {
                throw new StartException(
                        String.valueOf(start.getMessage()), new InterruptedException(), report.exitCode());
            }
            throw failure;
        }
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case ConfigurationException _ -> ExitCode.CONFIGURATION;
            case StartException start -> start.exitCode();
            default -> ExitCode.INTERNAL;
        };
    }

    /** Reads the configuration and the descriptors on a thread of its own, within the budget. */
    private Blueprint draw(Blueprint.Draft draft) {
        CompletableFuture<Blueprint> drawn = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().name("lynx-configuration").daemon().start(() -> {
            try {
                drawn.complete(draft.draw(draft.load()));
            } catch (Throwable failure) {
                drawn.completeExceptionally(failure);
            }
        });
        CompletableFuture<?> over = CompletableFuture.anyOf(drawn, shutdown.requested());
        CompletableFuture<?> loaded = CompletableFuture.anyOf(over, draft.budget());
        boolean _ =
                TimedWait.awaitUninterruptibly(loaded, deadline(StartupConfig.DEFAULTS.timeout()), time.deadlines());
        Duration budget = draft.budget().getNow(StartupConfig.DEFAULTS.timeout());
        boolean isOver = TimedWait.awaitUninterruptibly(over, deadline(budget), time.deadlines());
        if (drawn.isDone()) {
            return orThrow(drawn);
        }
        StackTraceElement[] stack = reader.getStackTrace();
        reader.interrupt();
        throw isOver ? cancelled() : overdue(budget, draft.current(), stack);
    }

    private static StartException cancelled() {
        return new StartException("a shutdown was requested during the start", new InterruptedException(), ExitCode.OK);
    }

    private static Blueprint orThrow(CompletableFuture<Blueprint> drawn) {
        if (!drawn.isCompletedExceptionally()) {
            return drawn.join();
        }
        switch (drawn.exceptionNow()) {
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable other -> throw new IllegalStateException(other);
        }
    }

    private static StartException overdue(Duration budget, String culprit, StackTraceElement[] stack) {
        String frames = Arrays.stream(stack)
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        IllegalStateException cause = new IllegalStateException(culprit + " does not return");
        cause.setStackTrace(stack);
        return new StartException(
                "the start exceeded its timeout of " + budget.toMillis() + " ms while " + culprit + ", at " + frames,
                cause,
                ExitCode.START_DEADLINE);
    }

    private StartException failed(ApplicationParts parts, PluginStartException failure) {
        Throwable cause = StartException.causeOf(failure);
        int exitCode =
                switch (failure.reason()) {
                    case FAILED ->
                        cause instanceof ConfigurationException ? ExitCode.CONFIGURATION : ExitCode.UNAVAILABLE;
                    case TIMED_OUT -> ExitCode.START_DEADLINE;
                    case CANCELLED -> ExitCode.OK;
                };
        return failed(parts, cause, String.valueOf(failure.getMessage()), exitCode);
    }

    /** Shuts down what had started; failures of that are suppressed on the first one. */
    private StartException failed(ApplicationParts parts, Throwable cause, String message, int exitCode) {
        shutdown.startFailed(exitCode);
        if (exitCode != ExitCode.OK) {
            parts.lifecycle()
                    .publish(new LifecycleEvent.StartFailed(parts.blueprint().identity(), message));
        }
        shutdown.request(new ShutdownTrigger.StartFailure(message));
        ShutdownReport report = shutdown.join();
        for (ShutdownReport.StoppedPlugin plugin : report.plugins()) {
            if (plugin.failure() != null) {
                cause.addSuppressed(new IllegalStateException(
                        "plugin '" + plugin.id() + "' then failed to stop: " + plugin.failure()));
            }
        }
        return new StartException(message, cause, report.exitCode());
    }
}
