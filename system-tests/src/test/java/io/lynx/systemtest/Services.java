package io.lynx.systemtest;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.app.HttpService;
import io.lynx.systemtest.app.ScriptedService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;

/** How the services under test are started, and how they say that they are ready. */
public final class Services {
    /** Every port is any free one, only this machine can reach it, and the start may take long. */
    static final String CONFIG = """
            lynx:
              application:
                name: system-test
                version: 1.0.0
              metrics:
                prometheus:
                  host: 127.0.0.1
                  port: 0
              startup: # a busy machine may be slow
                timeout: 110s
                plugin_timeout: 100s
            """;

    /** The same as arguments, for services that bring their own configuration. */
    public static String[] anyPorts() {
        return new String[] {
            "--lynx.http.host=127.0.0.1",
            "--lynx.http.port=0",
            "--lynx.metrics.prometheus.host=127.0.0.1",
            "--lynx.metrics.prometheus.port=0",
            "--lynx.startup.timeout=110s",
            "--lynx.startup.plugin_timeout=100s"
        };
    }

    private static final String HTTP = """
              http:
                host: 127.0.0.1
                port: 0
            """;

    private static final String EXAMPLES = "/examples/";

    private Services() {}

    /** A service of scripted plugins; see {@link ScriptedService}. */
    static Launch scripted(String... lines) {
        return Launch.of(ScriptedService.class)
                .withoutClassPath(EXAMPLES)
                .file("config.yml", CONFIG)
                .options("-Dscript=" + String.join(";", lines));
    }

    /** A service with an HTTP server. */
    static Launch http() {
        return Launch.of(HttpService.class).withoutClassPath(EXAMPLES).file("config.yml", CONFIG + HTTP);
    }

    /** Waits for its line that says ready. */
    static JsonNode awaitReady(ServiceProcess service) throws InterruptedException {
        return Log.parse(awaitReadyLine(service).text());
    }

    /** Waits for its line that says ready, as it came. */
    static Output.Line awaitReadyLine(ServiceProcess service) throws InterruptedException {
        return service.awaitLine(" ready\",\"kv\"");
    }

    /** Waits until it is ready, and tells where its HTTP server listens. */
    public static InetSocketAddress awaitHttp(ServiceProcess service) throws InterruptedException {
        for (JsonNode url : awaitReady(service).path("kv").path("urls")) {
            if (url.asText().startsWith("http")) {
                return address(url.asText());
            }
        }
        throw service.failure("the ready line has no URL");
    }

    /** Waits until its management port is open, and tells where that is. */
    public static InetSocketAddress awaitManagement(ServiceProcess service) throws InterruptedException {
        return address(
                Log.await(service, "Management port: ").path("kv").path("url").asText());
    }

    static InetSocketAddress address(String url) {
        URI uri = URI.create(url);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort());
    }

    /**
     * Waits until a second signal is not taken for the same one as the first.
     *
     * @param answer what the service wrote when it had heard the first; it may hear it long after it was sent
     */
    static void awaitSecondCounts(Output.Line answer) throws InterruptedException {
        long wait = answer.nanos() + Duration.ofMillis(1100).toNanos() - System.nanoTime();
        if (wait > 0) {
            Thread.sleep(Duration.ofNanos(wait));
        }
    }
}
