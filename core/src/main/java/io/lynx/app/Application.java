package io.lynx.app;

import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ReloadReport;
import io.lynx.container.PluginStartException;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.Plugin;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/*
 * Two threads matter: the one that calls start(), and the coordinator of the shutdown that the first request creates. They meet in
 * three places:
 *
 *   state      one reference, changed by CAS; the start goes to READY only from STARTING, so that a shutdown that came first wins
 *   assembled  completed by the start, when there is something to shut down or when there never will be
 *   shutdown   completed when everything is over; everything else only waits for it
 */

/**
 * A service: its configuration, its plugins and its one life from start to shutdown. {@link Lynx#run} makes it the whole process;
 * this class is for tests and for programs that embed it. Several applications in one JVM are independent. Thread-safe.
 */
public final class Application extends AssembledView implements AutoCloseable {
    private final Blueprint.Draft draft;
    private final ProcessHooks hooks;
    private final ApplicationTime time;
    private final ApplicationServices services;
    private final ApplicationShutdown shutdown;
    private final @Nullable Long budgetFrom;
    private final AtomicBoolean isBegun = new AtomicBoolean();
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile long beganAt;

    private Application(Builder builder) {
        this.draft = new Blueprint.Draft(
                builder.sources,
                builder.plugins,
                builder.decoration,
                builder.discover,
                Thread.currentThread().getContextClassLoader(),
                builder.environment);
        this.hooks = builder.hooks;
        this.budgetFrom = builder.budgetFrom;
        VirtualThreads threads = new VirtualThreads();
        ThreadFactory tasks = threads.named("lynx-background-");
        Executor background = task -> tasks.newThread(task).start();
        this.time = ApplicationTime.of(builder.ticker, builder.scheduler, builder.clock);
        LoggingBackends logging = new LoggingBackends(builder.logging);
        this.shutdown = new ApplicationShutdown(time, hooks, state, assembled, logging, builder.environment);
        this.services = new ApplicationServices(
                time,
                threads,
                background,
                builder.classifier,
                logging,
                builder.json == null ? JsonCodec.installed() : builder.json,
                ApplicationServices.pluginEvents(time.ticker(), hooks),
                reason -> shutdown.request(new ShutdownTrigger.RecoveryExhausted(reason)));
    }

    /** Begins an application whose configuration comes from the class path, the working directory and the process. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts it and returns when it is ready.
     *
     * @throws ConfigurationException if the configuration or the set of plugins is not valid; nothing was opened
     * @throws StartException if a required plugin failed, the start exceeded its timeout or a shutdown was requested before or
     *     meanwhile; everything that was opened has been closed
     * @throws IllegalStateException if it was started before
     */
    public void start() {
        if (!isBegun.compareAndSet(false, true)) {
            throw new IllegalStateException("application: is " + state.get() + "; it can be started once");
        }
        if (!state.compareAndSet(ApplicationState.NEW, ApplicationState.STARTING)) {
            throw StartException.notBegun(shutdown.join());
        }
        startedAt = time.clock().instant();
        long from = budgetFrom == null ? time.ticker().nanos() : budgetFrom;
        beganAt = from;
        new ApplicationStart(time, from, state, assembled, shutdown, hooks).run(draft, this::assemble, this::reload);
    }

    private ApplicationParts assemble(Blueprint blueprint) {
        services.logging().apply(blueprint.binding().get(Blueprint.LOG));
        return ApplicationParts.of(blueprint, draft, services, this);
    }

    /**
     * Requests a graceful shutdown and waits until it is over. Only the first request counts.
     *
     * @throws InterruptedException if interrupted while waiting; the shutdown goes on
     */
    public ShutdownReport stop() throws InterruptedException {
        requestStop("stop()");
        return awaitStop();
    }

    /**
     * Waits until the application has shut down, for whatever reason.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public ShutdownReport awaitStop() throws InterruptedException {
        return shutdown.await();
    }

    /** Shuts it down and waits through interruptions. */
    @Override
    public void close() {
        requestStop("close()");
        ShutdownReport _ = shutdown.join();
    }

    @Override
    public void requestStop(String reason) {
        requestStop(new ShutdownTrigger.Request(reason));
    }

    void requestStop(ShutdownTrigger trigger) {
        shutdown.request(trigger);
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Duration uptime() {
        return state.get() == ApplicationState.NEW
                ? Duration.ZERO
                : Duration.ofNanos(time.ticker().nanos() - beganAt);
    }

    @Override
    public Optional<ShutdownReport> shutdownReport() {
        return shutdown.report();
    }

    @Override
    public void restart(String id) throws InterruptedException {
        ApplicationParts parts = partsOfReady("plugin '" + id + "': cannot restart");
        try {
            var _ = parts.container().restart(id);
        } catch (PluginStartException failure) {
            throw StartException.of(failure, ExitCode.UNAVAILABLE);
        }
    }

    @Override
    public ReloadReport reload() {
        return partsOfReady("configuration: cannot be reloaded").reload().reload();
    }

    /** Configures an application. Not thread-safe. */
    public static final class Builder {
        private ConfigSources sources = ConfigSources.process();
        private final List<Plugin> plugins = new ArrayList<>();
        private UnaryOperator<Plugin> decoration = UnaryOperator.identity();
        private boolean discover = true;
        private Map<String, String> environment = System.getenv();
        private ProcessHooks hooks = ProcessHooks.NONE;
        private ErrorClassifier classifier = ErrorClassifier.standard();
        private Supplier<@Nullable LoggingBackend> logging = LoggingBackends::find;
        private @Nullable JsonCodec json;
        private Ticker ticker = Ticker.system();
        private @Nullable Scheduler scheduler;
        private InstantSource clock = InstantSource.system();
        private @Nullable Long budgetFrom;

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

        /**
         * Passes each plugin through {@code change} before it is called for the first time, discovered ones included. It may
         * return a plugin that wraps or replaces it; for tests and instrumentation.
         */
        public Builder decorate(UnaryOperator<Plugin> change) {
            UnaryOperator<Plugin> before = decoration;
            decoration = plugin -> change.apply(before.apply(plugin));
            return this;
        }

        /** The arguments of the process: {@code --config PATH} and {@code --key=value}. */
        public Builder args(String... args) {
            ConfigSources _ = sources.args(args);
            return this;
        }

        /** Sets where the configuration comes from, in place of the process; drops what was set before. */
        public Builder configuration(ConfigSources all) {
            sources = all;
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

        /** Sets whether plugins on the class path are found by {@link java.util.ServiceLoader}; true by default. */
        public Builder discoverPlugins(boolean discover) {
            this.discover = discover;
            return this;
        }

        /** Sets what exceptions mean to recovery; the built-in table by default. */
        public Builder errorClassifier(ErrorClassifier rules) {
            this.classifier = rules;
            return this;
        }

        /** Sets the JSON codec of the application and of its HTTP routes; the installed one by default. */
        public Builder json(JsonCodec codec) {
            this.json = codec;
            return this;
        }

        Builder environment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            return this;
        }

        /** Makes it the application of a whole process, whose start began at an earlier reading of the ticker. */
        Builder process(ProcessHooks itsHooks, long beganAt) {
            this.hooks = itsHooks;
            this.budgetFrom = beganAt;
            return this;
        }

        Builder logging(LoggingBackend backend) {
            this.logging = () -> backend;
            return this;
        }

        /** Returns the application, which reads and opens nothing before its start. */
        public Application build() {
            return new Application(this);
        }
    }
}
