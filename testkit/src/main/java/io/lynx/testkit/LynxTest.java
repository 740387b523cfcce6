package io.lynx.testkit;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.extension.ResourceKey;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * An application in a test: started in the test's JVM, used as its clients use it, and checked for what it leaves behind.
 *
 * <pre>{@code
 * try (LynxTest lynx = LynxTest.of(new OrdersPlugin()).with("orders.limit", "10").start()) {
 *     assertThat(lynx.resource(OrdersPlugin.ORDERS).all()).isEmpty();
 * }
 * }</pre>
 *
 * <p>{@link #close} fails the test if the shutdown was not clean, or if a thread, a listening socket, a metric source or a gauge
 * is left. In JUnit, {@link LynxExtension} starts and closes the {@code LynxTest} fields of a test class.
 *
 * <p>Thread-safe, but for its start and its end, which belong to one thread.
 */
public final class LynxTest implements AutoCloseable {
    private final LynxTestPlan plan;
    private final TestTime time;
    private final PluginProbes probes;
    private final PluginFaults faults;
    private final Captures captures;
    private final Leftovers leftovers;
    private final ServiceClient client;
    private volatile ApplicationRun run;

    LynxTest(LynxTestPlan plan) {
        this.plan = plan;
        this.time = new TestTime(plan.isManual());
        this.captures = new Captures(plan.buses());
        this.probes = new PluginProbes(plan.replacements(), captures, time);
        this.faults = new PluginFaults(this, probes, time);
        this.leftovers = new Leftovers(plan, probes);
        this.client = new ServiceClient(this, plan.patience());
        this.run = new ApplicationRun(plan, time, probes, captures);
    }

    /**
     * Begins a test of these plugins alone: nothing is discovered, and the configuration consists of the defaults and of {@link
     * Builder#with}.
     */
    public static Builder of(Plugin... plugins) {
        return new Builder(false, app -> List.of(plugins).forEach(app::plugin));
    }

    /**
     * Begins a test of a whole application: plugins are discovered and the configuration is read as in production, then changed by
     * {@link Builder#with}. Set the ports that it listens on to 0.
     *
     * @param setup adds the plugins, as in {@link io.lynx.app.Lynx#run}; called at each start
     */
    public static Builder application(Consumer<Application.Builder> setup) {
        return new Builder(true, setup);
    }

    /**
     * Starts the application and returns when it is ready. It may be started again after it has stopped or failed to start.
     *
     * @throws AssertionError if it is not ready in the test's patience; the message names the plugin that hangs, and where
     * @throws io.lynx.app.StartException if it fails to start
     * @throws io.lynx.config.ConfigurationException if its configuration is wrong
     */
    public LynxTest start() {
        if (run.isBegun()) {
            if (run.isUp()) {
                throw new IllegalStateException("application: is running; stop it first");
            }
            run = new ApplicationRun(plan, time, probes, captures);
        }
        leftovers.begin();
        run.start();
        leftovers.opened(run.application());
        return this;
    }

    boolean isRunning() {
        return run.isUp();
    }

    /**
     * Shuts the application down and returns the report. The report is then the test's to judge: {@link #close} does not fail
     * because of it. Does nothing if it has stopped already.
     *
     * @throws AssertionError if the shutdown does not end in the test's patience
     * @throws IllegalStateException if it was never started
     */
    public ShutdownReport stop() {
        return run.stop();
    }

    /** Shuts the application down and starts it again, as a new instance with the same plugins. What was captured remains. */
    public LynxTest restart() {
        ShutdownReport _ = stop();
        return start();
    }

    /** Stops a plugin with all that depend on it, and starts them again. */
    public void restart(String plugin) {
        run.restart(plugin);
    }

    /**
     * Ends all faults, shuts the application down if it runs, and checks what is left.
     *
     * @throws AssertionError if the shutdown was not clean or something is left; the message names each thread, port, metric
     *     source and gauge, and where it comes from
     */
    @Override
    public void close() {
        faults.clear();
        List<String> problems = run.end();
        client.close();
        leftovers.check(run, problems);
    }

    /** Returns the application. */
    public Application application() {
        return run.application();
    }

    /**
     * Returns what a running plugin shares.
     *
     * @throws IllegalStateException if no running plugin shares it
     */
    public <T> T resource(ResourceKey<T> key) {
        return probes.anyContext().resource(key);
    }

    /**
     * Returns the context of a running plugin, which is the container's own: what the test registers through it is removed when
     * that plugin stops.
     *
     * @throws IllegalArgumentException if no such plugin is running
     */
    public PluginContext context(String plugin) {
        return probes.context(plugin);
    }

    /** Returns where the service can be reached: the first URL of the listener {@code http}, or of the only listener there is. */
    public URI url() {
        return OpenListeners.service(application().listeners());
    }

    /** Returns the first URL of the listener of that name, such as that of a second server. */
    public URI url(String listener) {
        return OpenListeners.url(application().listeners(), listener);
    }

    /** Returns the port of {@link #url()}. */
    public int port() {
        return url().getPort();
    }

    /** Returns the port of {@link #url(String)}. */
    public int port(String listener) {
        return url(listener).getPort();
    }

    /** Returns a client of the JDK, which {@link #close} closes. */
    public HttpClient http() {
        return client.http();
    }

    /** Sends {@code GET} to a path of {@link #url()}, or to an absolute URL. */
    public HttpReply get(String path) {
        return client.send("GET", path, null);
    }

    /** Sends {@code DELETE}. */
    public HttpReply delete(String path) {
        return client.send("DELETE", path, null);
    }

    /**
     * Sends {@code POST}.
     *
     * @param body text is sent as it is, as JSON if it begins with a brace or a bracket; anything else is written as JSON
     */
    public HttpReply post(String path, Object body) {
        return client.send("POST", path, body);
    }

    /** Sends {@code PUT} with a body as in {@link #post}. */
    public HttpReply put(String path, Object body) {
        return client.send("PUT", path, body);
    }

    /**
     * Moves manual time on. What falls due runs before this returns; what it hands to other threads may run later, so wait for
     * it by {@link Await}.
     *
     * @throws IllegalStateException if the test is not on manual time
     */
    public void advance(Duration duration) {
        run.advance(duration);
    }

    /** Returns the events that were published on the buses. */
    public CapturedEvents events() {
        return captures.events();
    }

    /** Returns the errors that were recorded. */
    public CapturedErrors errors() {
        return captures.errors();
    }

    /**
     * Returns the log lines of the application.
     *
     * @throws IllegalStateException if the logging back end is neither Logback nor {@code java.util.logging}
     */
    public CapturedLogs logs() {
        return captures.logs();
    }

    /** Returns the metrics as they are now. */
    public MeasuredValues metrics() {
        return MeasuredValues.of(application().metrics());
    }

    /** Returns the faults that the test can inject. */
    public PluginFaults faults() {
        return faults;
    }

    /** Describes the application of a test. Not thread-safe. */
    public static final class Builder {
        private LynxTestPlan plan;

        private Builder(boolean isWhole, Consumer<Application.Builder> setup) {
            this.plan = LynxTestPlan.of(isWhole, setup);
        }

        /** Sets a configuration value, over every other source. */
        public Builder with(String key, String value) {
            plan = plan.withValue(key, value);
            return this;
        }

        /** Runs the application on time that only {@link LynxTest#advance} moves. */
        public Builder manualTime() {
            plan = plan.onManualTime();
            return this;
        }

        /** Starts {@code plugin} in place of the plugin that has the same id. */
        public Builder replace(Plugin plugin) {
            plan = plan.withReplacement(plugin);
            return this;
        }

        /** Captures the events of further buses; those that the framework names are captured anyway. */
        public Builder captureBus(String bus) {
            plan = plan.withBus(bus);
            return this;
        }

        /**
         * Sets how long, in real time, a start, a shutdown or a request may take before the test fails; {@link Await#PATIENCE}
         * unless set.
         */
        public Builder patience(Duration realTime) {
            plan = plan.withPatience(realTime);
            return this;
        }

        /** Allows threads to be left whose names match a regular expression. */
        public Builder ignoreThreads(String names) {
            plan = plan.withIgnoredThreads(names);
            return this;
        }

        /** Returns the test, which starts nothing before {@link LynxTest#start}. */
        public LynxTest build() {
            return new LynxTest(plan);
        }

        /** Builds the test and starts the application. */
        public LynxTest start() {
            return build().start();
        }
    }
}
