package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lynx.app.Application;
import io.lynx.config.ConfigSources;
import io.lynx.http.HttpServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A started application with its operations endpoints on two ports, and what the audit log says. */
final class PagesFixture implements AutoCloseable {
    private final AdminPlugin admin = new AdminPlugin();
    private final HttpServer server = HttpServer.with(_ -> {});
    private final Logger audit = (Logger) LoggerFactory.getLogger("lynx.audit");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private Consumer<ConfigSources> configured = _ -> {};
    private @Nullable Application application;

    /** Starts it with the configuration file of that directory and these settings. */
    void start(Path directory, String... settings) throws Exception {
        configured = sources -> {
            var _ = sources.workingDirectory(directory);
        };
        start(settings);
    }

    /** Starts it with these settings, each {@code key=value}. */
    void start(String... settings) throws Exception {
        Application.Builder builder = Application.builder()
                .configure(configured)
                .set("lynx.application.name", "orders")
                .set("lynx.application.version", "1.4.0")
                .set("lynx.http.port", "0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .plugin(admin)
                .plugin(new ServicePages())
                .plugin(server)
                .discoverPlugins(false);
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            builder.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        lines.start();
        audit.addAppender(lines);
        Application started = builder.build();
        application = started;
        started.start();
    }

    Application application() {
        assertThat(application).isNotNull();
        return application;
    }

    RawHttp management() {
        return new RawHttp(admin.url());
    }

    RawHttp service() {
        return new RawHttp(server.url());
    }

    List<RawHttp> ports() {
        return List.of(management(), service());
    }

    List<String> auditLines() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        audit.detachAppender(lines);
        if (application != null) {
            application.close();
        }
    }
}
