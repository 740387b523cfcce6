package io.lynx.admin;

import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import io.lynx.config.ConfigSources;
import io.lynx.http.HttpServer;
import io.lynx.testkit.LogLine;
import io.lynx.testkit.LynxTest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A started application with its operations endpoints on two ports, and its audit log. */
final class PagesFixture implements AutoCloseable {
    private final AdminPlugin admin = new AdminPlugin();
    private @Nullable LynxTest running;

    /** Starts it with the configuration file of that directory and these settings. */
    void start(Path directory, String... settings) {
        start(
                sources -> {
                    var _ = sources.workingDirectory(directory);
                },
                settings);
    }

    /** Starts it with these settings, each {@code key=value}. */
    void start(String... settings) {
        start(_ -> {}, settings);
    }

    private void start(Consumer<ConfigSources> configured, String... settings) {
        LynxTest.Builder test = LynxTest.application(app -> app.configure(configured)
                        .plugin(admin)
                        .plugin(new ServicePages())
                        .plugin(HttpServer.with(_ -> {}))
                        .discoverPlugins(false))
                .with("lynx.application.name", "orders")
                .with("lynx.application.version", "1.4.0")
                .with("lynx.http.port", "0")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.metrics.prometheus.port", "0")
                .with("lynx.metrics.prometheus.host", "127.0.0.1");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            test.with(setting.substring(0, equals), setting.substring(equals + 1));
        }
        running = test.start();
    }

    private LynxTest lynx() {
        LynxTest started = running;
        if (started == null) {
            throw new IllegalStateException("the application was not started");
        }
        return started;
    }

    Application application() {
        return lynx().application();
    }

    RawHttp management() {
        return new RawHttp(admin.url());
    }

    RawHttp service() {
        return new RawHttp(lynx().url("http").toString());
    }

    List<RawHttp> ports() {
        return List.of(management(), service());
    }

    List<String> auditLines() {
        return lynx().logs().all().stream()
                .filter(line -> line.logger().equals("lynx.audit"))
                .map(LogLine::message)
                .toList();
    }

    /** Ends it and checks what is left. The tests may end it while errors are open and events are undelivered. */
    @Override
    public void close() {
        LynxTest started = running;
        if (started != null) {
            ShutdownReport _ = started.stop();
            started.close();
        }
    }
}
