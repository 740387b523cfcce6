package io.lynx.app;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.app.reload.ReloadReport;
import io.lynx.app.telemetry.FrameworkMetrics;
import io.lynx.app.telemetry.LifecycleLog;
import io.lynx.config.ConfigEntry;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.container.PluginStartException;
import io.lynx.event.Events;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.health.HealthMonitor;
import io.lynx.health.HealthSnapshot;
import io.lynx.metrics.MetricsConfig;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.page.PluginPage;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Two threads matter: the one that calls start(), and the stop thread that the first request to stop creates. They meet
 * in three places:
 *
 *   state      one reference, changed by CAS; the start goes to READY only from STARTING, so a stop that came first wins
 *   assembled  completed by the start, when there is something to stop or when there never will be
 *   stopped    completed by the stop thread when all is over; everybody else only waits for it
 *
 * A failed start is not rolled back by the starter: it asks for the stop, like anybody else, and waits for its end.
 */

/**
 * A service: its configuration, its plugins, and its one life from start to stop. {@link Lynx#run} makes one the whole
 * process; this is for tests and for those who embed it. Several in one JVM do not meet. Thread-safe.
 */
public final class Application implements ApplicationView, AutoCloseable {
    /** How long the end of the start waits for the first result of every health check. */
    private static final Duration FIRST_HEALTH = Duration.ofSeconds(1);

    /** What running recoveries get to end when the stop begins. */
    private static final Duration RECOVERY_CLOSE = Duration.ofSeconds(1);

    private final Blueprint.Draft draft;
    private final Map<String, String> environment;
    private final ProcessHooks hooks;
    private final ErrorClassifier classifier;
    private final ApplicationTime time;
    private final Ticker ticker;
    private final Executor background;
    private final LifecycleLog log = new LifecycleLog();
    private final LoggingBackends logging;
    private final VirtualThreads threads = new VirtualThreads();

    private final AtomicReference<ApplicationState> state = new AtomicReference<>(ApplicationState.NEW);
    private final AtomicReference<@Nullable StopTrigger> stopTrigger = new AtomicReference<>();
    private final CompletableFuture<Optional<ApplicationParts>> assembled = new CompletableFuture<>();
    private final CompletableFuture<ShutdownReport> stopped = new CompletableFuture<>();
    private volatile @Nullable StopSequence sequence;
    private volatile @Nullable ShutdownConfig stopConfig;
    private volatile int startFailure = ExitCode.OK;
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile long beganAt;

    private Application(Builder builder) {
        this.draft = new Blueprint.Draft(
                builder.sources,
                List.copyOf(builder.plugins),
                builder.discover,
                Thread.currentThread().getContextClassLoader());
        this.environment = builder.environment;
        this.hooks = builder.hooks;
        this.classifier = builder.classifier;
        ThreadFactory tasks = threads.named("lynx-task-");
        this.background = task -> tasks.newThread(task).start();
        this.time = ApplicationTime.of(builder.ticker, builder.scheduler, builder.clock, background);
        this.ticker = time.ticker();
        this.logging = new LoggingBackends(builder.logging, ticker);
    }

    /** Begins an application whose configuration comes from the class path, the working directory and the process. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts it, and returns when it is ready.
     *
     * @throws ConfigurationException if the configuration or the set of plugins is wrong; nothing was opened
     * @throws StartException if a required plugin failed, the start took too long or a stop was asked for meanwhile;
     *     everything that was opened has been closed
     * @throws IllegalStateException if it was started before
     */
    public void start() {
        if (!state.compareAndSet(ApplicationState.NEW, ApplicationState.STARTING)) {
            throw new IllegalStateException("application: is " + state.get() + "; it can be started once");
        }
        startedAt = time.clock().instant();
        long began = ticker.nanos();
        beganAt = began;
        ApplicationParts assembly = assemble();
        try {
            Deadline deadline = Deadline.after(assembly.blueprint().startup().timeout(), ticker);
            assembly.container().start(deadline);
            boolean _ = assembly.health().awaitFirstResults(deadline.atMost(FIRST_HEALTH));
        } catch (PluginStartException failure) {
            throw stopAfter(failure);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw stopAfter(cancelled, "the start was interrupted", ExitCode.INTERNAL);
        } catch (RuntimeException | Error failure) {
            throw stopAfter(failure, "the start failed: " + failure, ExitCode.INTERNAL);
        }
        assembly.watch()
                .begin(
                        assembly.reload()::tried,
                        this::reload,
                        assembly.live().inForce().get(ReloadConfig.SECTION).watchInterval());
        assembly.health().enter(HealthSnapshot.Phase.SERVING);
        if (!state.compareAndSet(ApplicationState.STARTING, ApplicationState.READY)) {
            throw stopAfter(new InterruptedException(), "a stop was asked for during the start", ExitCode.OK);
        }
        Duration took = Duration.ofNanos(ticker.nanos() - began);
        log.ready(identity(), urls(), took);
        assembly.life().ready(identity(), took);
        hooks.ready();
    }

    private ApplicationParts assemble() {
        try {
            Blueprint blueprint = draft.draw(draft.load());
            logging.apply(blueprint.binding().get(Blueprint.LOG));
            log.starting(blueprint.identity(), blueprint.config().sources());
            FrameworkMetrics measures = new FrameworkMetrics(
                    blueprint.binding().get(MetricsConfig.SECTION),
                    blueprint.identity().name(),
                    blueprint.pluginNames(),
                    PluginRecovery::isForRecovery,
                    time.scheduler(),
                    time.clock());
            ApplicationParts assembly = ApplicationParts.of(
                    draft,
                    blueprint,
                    time,
                    background,
                    threads,
                    measures,
                    classifier,
                    logging,
                    log,
                    this,
                    pluginEvents(),
                    this::requestStop);
            measures.start();
            assembly.life().starting(blueprint.identity());
            assembly.container().share(KEY, this);
            assembly.health().start();
            hooks.configured(blueprint.shutdown());
            assembled.complete(Optional.of(assembly));
            return assembly;
        } catch (RuntimeException | Error failure) {
            startFailure = failure instanceof ConfigurationException ? ExitCode.CONFIGURATION : ExitCode.INTERNAL;
            assembled.complete(Optional.empty());
            requestStop(new StopTrigger.StartFailure("nothing was opened"));
            ShutdownReport _ = stopped.join();
            throw failure;
        }
    }

    /** Publishes what happens to plugins; the first consumer ends the process if the virtual machine has failed. */
    private Notifier<PluginEvent> pluginEvents() {
        Notifier<PluginEvent> plugins = new Notifier<>(ticker);
        Registration _ = plugins.add("virtual machine failures", event -> {
            if (event instanceof PluginEvent.VirtualMachineFailed failed) {
                hooks.virtualMachineFailed(failed.failure());
            }
        });
        return plugins;
    }

    private StartException stopAfter(PluginStartException failure) {
        int exitCode =
                switch (failure.reason()) {
                    case FAILED -> ExitCode.UNAVAILABLE;
                    case TIMED_OUT -> ExitCode.START_DEADLINE;
                    case CANCELLED -> ExitCode.OK;
                };
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return stopAfter(cause, String.valueOf(failure.getMessage()), exitCode);
    }

    /** Stops what had started, and makes the first failure carry those of the stop. */
    private StartException stopAfter(Throwable cause, String message, int exitCode) {
        startFailure = exitCode;
        if (exitCode != ExitCode.OK) {
            parts().life().failed(identity(), message);
        }
        requestStop(new StopTrigger.StartFailure(message));
        ShutdownReport report = stopped.join();
        for (ShutdownReport.StoppedPlugin plugin : report.plugins()) {
            if (plugin.failure() != null) {
                cause.addSuppressed(new IllegalStateException(
                        "plugin '" + plugin.id() + "' then failed to stop: " + plugin.failure()));
            }
        }
        return new StartException(message, cause, report.exitCode());
    }

    /**
     * Asks for a graceful stop and waits until it is over. Only the first request counts.
     *
     * @throws InterruptedException if interrupted while waiting; the stop goes on
     */
    public ShutdownReport stop() throws InterruptedException {
        requestStop(new StopTrigger.Request("stop()"));
        return awaitStop();
    }

    /**
     * Waits until the application has stopped, whoever asks for it.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public ShutdownReport awaitStop() throws InterruptedException {
        try {
            return stopped.get();
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the stop sequence failed", failure.getCause());
        }
    }

    /** Stops it, waiting through interruptions. */
    @Override
    public void close() {
        requestStop(new StopTrigger.Request("close()"));
        ShutdownReport _ = stopped.join();
    }

    @Override
    public void requestStop(String reason) {
        requestStop(new StopTrigger.Request(reason));
    }

    /** Begins the stop on a platform thread of its own, unless it has begun. */
    void requestStop(StopTrigger trigger) {
        if (stopTrigger.compareAndSet(null, trigger)) {
            if (state.compareAndSet(ApplicationState.NEW, ApplicationState.STOPPING)) {
                assembled.complete(Optional.empty());
            }
            Instant at = time.clock().instant();
            if (assembled.isDone()) {
                stopConfig = budget(); // What the process is told now holds, even if a reload is just ending.
            }
            Duration budget = budget().timeout();
            Deadline latest = Deadline.after(budget, ticker);
            hooks.stopping(budget);
            assembled.getNow(Optional.empty()).ifPresent(assembly -> {
                leave(ApplicationState.DRAINING);
                assembly.health().enter(HealthSnapshot.Phase.STOPPING);
            });
            Thread.ofPlatform().name("lynx-stop").start(() -> stopNow(trigger, at, latest));
        }
    }

    private ShutdownConfig budget() {
        ShutdownConfig fixed = stopConfig;
        if (fixed != null) {
            return fixed;
        }
        return assembled
                .getNow(Optional.empty())
                .map(assembly -> assembly.live().inForce().get(Blueprint.SHUTDOWN))
                .orElse(ShutdownConfig.DEFAULTS);
    }

    private void stopNow(StopTrigger trigger, Instant at, Deadline latest) {
        try {
            Optional<ApplicationParts> assembly = awaitApplicationParts(latest);
            ShutdownConfig config = budget();
            StopSequence stop =
                    new StopSequence(trigger, config, config.drainDelay().in(environment), time, at);
            sequence = stop;
            assembly.ifPresent(parts -> stop(stop, parts));
            time.close();
            ShutdownReport report = stop.finish(startFailure);
            state.set(startFailure == ExitCode.OK ? ApplicationState.STOPPED : ApplicationState.FAILED);
            if (assembly.isPresent()) {
                log.stopped(report);
            }
            logging.flush();
            stopped.complete(report);
        } catch (Throwable failure) {
            state.set(ApplicationState.FAILED);
            stopped.completeExceptionally(failure);
        }
    }

    private void stop(StopSequence stop, ApplicationParts parts) {
        boolean wasReady = state.getAndSet(ApplicationState.DRAINING) == ApplicationState.READY;
        parts.health().enter(HealthSnapshot.Phase.STOPPING);
        log.draining(stop.trigger(), parts.container().traffic().inFlight());
        parts.life().stopping(stop.trigger(), budget().timeout());
        parts.container().cancelStart(stop.pluginsBy());
        parts.watch().stop();
        var _ = parts.recovery().close(Deadline.after(RECOVERY_CLOSE, ticker));
        boolean isOpen = wasReady || parts.container().traffic().isOpen();
        stop.run(parts.container(), parts.events(), isOpen, phase -> {
            parts.life().phase(phase, stop.remaining());
            if (phase == Phase.Name.PLUGINS) {
                state.set(ApplicationState.STOPPING);
            }
        });
        parts.health().close();
        parts.measures().stop();
    }

    private Optional<ApplicationParts> awaitApplicationParts(Deadline deadline) {
        boolean _ = TimedWait.awaitUninterruptibly(assembled, deadline, time.deadlines());
        return assembled.getNow(Optional.empty());
    }

    private void leave(ApplicationState next) {
        state.updateAndGet(now -> now.compareTo(next) < 0 ? next : now);
    }

    private ApplicationParts parts() {
        return assembled
                .getNow(Optional.empty())
                .orElseThrow(() -> new IllegalStateException("application: is " + state.get() + " and not configured"));
    }

    @Override
    public ApplicationState state() {
        return state.get();
    }

    @Override
    public ApplicationConfig identity() {
        return parts().blueprint().identity();
    }

    @Override
    public String host() {
        String configured = identity().host();
        if (configured != null) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException noName) {
            return "localhost";
        }
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Duration uptime() {
        return state.get() == ApplicationState.NEW ? Duration.ZERO : Duration.ofNanos(ticker.nanos() - beganAt);
    }

    @Override
    public List<PluginStatus> plugins() {
        return parts().container().statuses();
    }

    /** Those that start or stop just now; none before the configuration is bound. */
    List<PluginStatus> busyPlugins() {
        return assembled.getNow(Optional.empty()).stream()
                .flatMap(parts -> parts.container().statuses().stream())
                .filter(plugin -> plugin.state() == PluginState.STARTING || plugin.state() == PluginState.STOPPING)
                .toList();
    }

    @Override
    public List<PluginPage> pages() {
        return parts().container().pages();
    }

    @Override
    public List<ConfigEntry> configuration() {
        return parts().live().inForce().table();
    }

    @Override
    public HealthMonitor health() {
        return parts().health();
    }

    @Override
    public Events events() {
        return parts().events();
    }

    @Override
    public ErrorRecoveryManager recovery() {
        return parts().recovery();
    }

    @Override
    public CircuitBreakers breakers() {
        return parts().breakers();
    }

    @Override
    public ProductionMetrics metrics() {
        return parts().measures().metrics();
    }

    @Override
    public List<String> urls() {
        return parts().container().traffic().urls();
    }

    @Override
    public long requestsInFlight() {
        return parts().container().traffic().inFlight();
    }

    @Override
    public Optional<ShutdownReport> shutdownReport() {
        return Optional.ofNullable(sequence).map(StopSequence::report);
    }

    @Override
    public void restart(String id) throws InterruptedException {
        ApplicationParts parts = parts();
        if (state.get() != ApplicationState.READY) {
            throw new IllegalStateException("plugin '" + id + "': cannot restart; the application is " + state.get());
        }
        try {
            var _ = parts.container().restart(id);
        } catch (PluginStartException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new StartException(String.valueOf(failure.getMessage()), cause, ExitCode.UNAVAILABLE);
        }
    }

    @Override
    public ReloadReport reload() {
        ApplicationParts parts = parts();
        if (state.get() != ApplicationState.READY) {
            throw new IllegalStateException("configuration: cannot be reloaded; the application is " + state.get());
        }
        return parts.reload().reload();
    }

    /** Collects what an application is made of. Not thread-safe. */
    public static final class Builder {
        private final ConfigSources sources = ConfigSources.process();
        private final List<Plugin> plugins = new ArrayList<>();
        private boolean discover = true;
        private Map<String, String> environment = System.getenv();
        private ProcessHooks hooks = ProcessHooks.NONE;
        private ErrorClassifier classifier = ErrorClassifier.standard();
        private Supplier<@Nullable LoggingBackend> logging = LoggingBackends::find;
        private Ticker ticker = Ticker.system();
        private @Nullable Scheduler scheduler;
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * Sets the monotonic clock of every deadline and duration; the JVM's own by default. A ticker that is not the JVM's needs
         * a {@link #scheduler} on the same time.
         */
        public Builder ticker(Ticker monotonic) {
            this.ticker = monotonic;
            return this;
        }

        /**
         * Sets the scheduler that runs everything that is due later, shutdown included. By default the application has one of its
         * own. One that is set stays open when the application has stopped.
         */
        public Builder scheduler(Scheduler timers) {
            this.scheduler = timers;
            return this;
        }

        /** Sets the wall clock of every timestamp; the system's by default. */
        public Builder clock(InstantSource wallClock) {
            this.clock = wallClock;
            return this;
        }

        /** Adds a plugin. */
        public Builder plugin(Plugin plugin) {
            plugins.add(plugin);
            return this;
        }

        /** The arguments of the process: {@code --config PATH} and {@code --key=value}. */
        public Builder args(String... args) {
            ConfigSources _ = sources.args(args);
            return this;
        }

        /** Changes where the configuration comes from. */
        public Builder configure(Consumer<ConfigSources> change) {
            change.accept(sources);
            return this;
        }

        /** Sets a configuration value by code, over every other source. */
        public Builder set(String key, String value) {
            ConfigSources _ = sources.value(key, value, "code");
            return this;
        }

        /** Whether plugins on the class path are found by {@link java.util.ServiceLoader}; they are unless said otherwise. */
        public Builder discoverPlugins(boolean discover) {
            this.discover = discover;
            return this;
        }

        /** Says what exceptions mean to recovery; the built-in table unless set. */
        public Builder errorClassifier(ErrorClassifier rules) {
            this.classifier = rules;
            return this;
        }

        Builder hooks(ProcessHooks hooks) {
            this.hooks = hooks;
            return this;
        }

        Builder logging(LoggingBackend backend) {
            this.logging = () -> backend;
            return this;
        }

        /** The application; nothing is read or opened before its start. */
        public Application build() {
            return new Application(this);
        }
    }
}
