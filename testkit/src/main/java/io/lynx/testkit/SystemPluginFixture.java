package io.lynx.testkit;

import io.lynx.config.ConfigSources;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.health.CheckReport;
import io.lynx.health.HealthStatus;
import io.lynx.plugin.Plugin;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link SystemPluginContract} needs to know, and the applications that its tests start. Used by one thread. */
public abstract class SystemPluginFixture {
    /** The name of the plugin that the tests use. */
    protected static final String NAME = "contract";

    static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder = Path.of("");

    private final List<LynxTest> tests = new ArrayList<>();

    /** For subclasses. */
    SystemPluginFixture() {}

    /** Returns the server, which need not run. */
    protected abstract ExternalServer server();

    /** Returns the family of the plugin, such as {@code jdbc}: its section is {@code lynx.jdbc.<name>}. */
    protected abstract String family();

    /** Creates the plugin of that name. */
    protected abstract Plugin plugin(String name);

    /** Returns the keys below the section that make the plugin use {@link #server}, with few connections and short time limits. */
    protected abstract Map<String, String> configuration();

    /** Returns keys that make the server refuse the plugin, such as a wrong password; they replace those of {@link #configuration}. */
    protected abstract Map<String, String> wrongCredentials();

    /** Makes the server accept other credentials, and no longer the present ones for new connections; returns the changed keys. */
    protected abstract Map<String, String> rotateCredentials() throws Exception;

    /** Makes the credentials of {@link #configuration} valid again. */
    protected abstract void restoreCredentials() throws Exception;

    /** Returns the certificate of the server, which is also the authority of its clients. */
    protected abstract LoopbackCertificate certificate();

    /**
     * Returns keys that lead to an address of the server with TLS, which requires a certificate of its clients; they replace those of
     * {@link #configuration}. The keys {@code tls.*} are not among them.
     */
    protected abstract Map<String, String> tlsConfiguration() throws Exception;

    /** Returns attributes that the span of {@link #call} has by the semantic conventions, such as {@code db.system.name}. */
    protected abstract Map<String, String> spanAttributes();

    /** Makes one short call by what the plugin {@code name} shares. */
    protected abstract void call(LynxTest lynx, String name) throws Exception;

    /** Makes a call that the server answers with a refusal, such as a violated constraint; it must throw. */
    protected abstract void rejectedCall(LynxTest lynx, String name) throws Exception;

    /** Makes a call that keeps the server busy for a duration. */
    protected abstract void slowCall(LynxTest lynx, String name, Duration duration) throws Exception;

    /** Returns how many slow calls the server works at now. */
    protected abstract int slowCallsAtServer() throws Exception;

    /** Returns the metric that counts calls, such as {@code lynx_db_queries_total}. */
    protected abstract String callMetric();

    /** Starts the server if it does not run. */
    @BeforeEach
    public void startServer() throws Exception {
        server().start();
    }

    /** Closes the applications of the test. */
    @AfterEach
    public void closeApplications() throws Exception {
        server().thaw();
        server().start();
        restoreCredentials();
        tests.reversed().forEach(LynxTest::close);
    }

    final String id() {
        return family() + "." + NAME;
    }

    final LynxTest.Builder application(Map<String, String> changes) throws IOException {
        Map<String, String> section = new LinkedHashMap<>(configuration());
        section.putAll(changes);
        configure(section);
        return LynxTest.application(
                        app -> app.configuration(ConfigSources.none().workingDirectory(folder))
                                .discoverPlugins(false)
                                .plugin(plugin(NAME)))
                .with("lynx.application.name", "contract")
                .with("lynx.application.version", "1")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.health_check.failure_threshold", "1")
                .with("lynx.error_recovery.error_window", "10s")
                .with("lynx.startup.plugin_timeout", "30s")
                .patience(Duration.ofSeconds(40))
                .with("lynx.circuit_breaker.breakers." + id() + ".timeout", "60s");
    }

    /** Writes the file of the configuration, which a reload reads again. */
    final void configure(Map<String, String> section) throws IOException {
        StringBuilder file = new StringBuilder();
        section.forEach((key, value) ->
                file.append(key(key)).append(": ").append(yaml(value)).append('\n'));
        Files.writeString(folder.resolve("config.yml"), file);
    }

    /** Returns the value as YAML; a list such as {@code [a, b]} is written as it is. */
    private static String yaml(String value) {
        return value.startsWith("[")
                ? value
                : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    final String key(String key) {
        return "lynx." + id() + "." + key;
    }

    final LynxTest start(Map<String, String> changes) throws IOException {
        LynxTest lynx = application(changes).build();
        tests.add(lynx);
        return lynx.start();
    }

    final LynxTest start() throws IOException {
        return start(Map.of());
    }

    final CheckReport check(LynxTest lynx) {
        return lynx.application().health().snapshot().check(id()).orElseThrow();
    }

    final void awaitStatus(LynxTest lynx, HealthStatus status) {
        Await.until(id() + " is " + status, PATIENCE, () -> check(lynx).status() == status);
    }

    final CircuitBreakerState breaker(LynxTest lynx) {
        return lynx.application()
                .breakers()
                .find(id())
                .map(CircuitBreaker::state)
                .orElse(CircuitBreakerState.CLOSED);
    }

    final void awaitCall(LynxTest lynx) {
        Await.asserted("a call succeeds", PATIENCE, () -> call(lynx, NAME));
    }

    static boolean hasCause(Throwable failure, String type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at.getClass().getSimpleName().equals(type)) {
                return true;
            }
        }
        return false;
    }

    static boolean isRefusal(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CallRejectedException) {
                return true;
            }
        }
        return false;
    }

    static Callable<Boolean> action(Action action) {
        return () -> {
            action.run();
            return true;
        };
    }

    /** Something that a test does. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    static void request(String operation, @Nullable Deadline deadline, Action work) throws Exception {
        RequestContext request = RequestScope.of("contract", operation, deadline);
        boolean _ = request.call(action(work));
    }

    /** Closes the test when this one ends. */
    final LynxTest closeLater(LynxTest test) {
        tests.add(test);
        return test;
    }
}
