package io.lynx.security.http;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import io.lynx.http.Routes;
import io.lynx.plugin.Plugin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A service with the plugin on a free port, and a client for it. */
final class SecuredService implements AutoCloseable {
    final Application application;
    final HttpServer server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private SecuredService(Application application, HttpServer server) {
        this.application = application;
        this.server = server;
    }

    static SecuredService start(Consumer<Routes> routes, String... settings) {
        return start(routes, new SecurityPlugin(), List.of(), settings);
    }

    static SecuredService start(
            Consumer<Routes> routes, SecurityPlugin security, List<Plugin> more, String... settings) {
        return start(null, routes, security, more, settings);
    }

    /** With the file {@code config.yml} in {@code directory}. */
    static SecuredService start(
            @Nullable Path directory,
            Consumer<Routes> routes,
            SecurityPlugin security,
            List<Plugin> more,
            String... settings) {
        HttpServer server = HttpServer.with(routes);
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "secured")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .set("lynx.metrics.prometheus.port", "0")
                .plugin(server)
                .plugin(security);
        if (directory != null) {
            builder.configure(sources -> {
                var _ = sources.workingDirectory(directory);
            });
        }
        more.forEach(builder::plugin);
        for (String setting : settings) {
            int at = setting.indexOf('=');
            builder.set("lynx." + setting.substring(0, at), setting.substring(at + 1));
        }
        Application application = builder.build();
        application.start();
        return new SecuredService(application, server);
    }

    /** The settings of an issuer. */
    static String[] issuer(ProviderStub provider, String... more) {
        String[] all = new String[2 + more.length];
        all[0] = "security.issuers.main.issuer=" + provider.url();
        all[1] = "security.issuers.main.audiences=orders";
        for (int i = 0; i < more.length; i++) {
            all[2 + i] = "security.issuers.main." + more[i];
        }
        return all;
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    int status(String path, String... headers) throws Exception {
        return get(path, headers).statusCode();
    }

    @Override
    public void close() {
        client.shutdownNow();
        application.close();
    }
}
