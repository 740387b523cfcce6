package io.lynx.systemtest.fleet;

import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.Output;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A proxy in front of two instances, configured as the guide says. Thread-safe. */
final class EdgeProxy implements AutoCloseable {
    private static final Path GUIDE =
            Path.of("").toAbsolutePath().resolveSibling("docs").resolve("guide").resolve("proxies.md");
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern BLOCK = Pattern.compile("(?m)^<!-- proxy: (\\S+) -->\\R^```text\\R((?s:.*?))^```$");

    /** The ways to the service. */
    enum Kind {
        HAPROXY_HTTP1("haproxy", "haproxy-frontend haproxy-http1"),
        HAPROXY_HTTP2("haproxy", "haproxy-frontend haproxy-http2"),
        HAPROXY_TCP("haproxy", "haproxy-tcp"),
        NGINX("nginx", "nginx");

        private final String program;
        private final String blocks;

        Kind(String program, String blocks) {
            this.program = program;
            this.blocks = blocks;
        }

        /** Whether the client and the service have one TLS connection. */
        boolean isPassthrough() {
            return this == HAPROXY_TCP;
        }

        /** Whether it sends the service headers of the PROXY protocol. */
        boolean sendsProxyHeader() {
            return this == HAPROXY_HTTP2 || this == HAPROXY_TCP;
        }
    }

    private final Kind kind;
    private final ServiceProcess process;
    private final int port;

    private EdgeProxy(Kind kind, ServiceProcess process, int port) {
        this.kind = kind;
        this.process = process;
        this.port = port;
    }

    /** Starts it, and waits until it listens. */
    static EdgeProxy start(Kind kind, List<Integer> instances, LoopbackCertificate certificate)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("lynx-proxy-");
        Path pem = directory.resolve("shop.pem");
        Files.writeString(pem, Files.readString(certificate.certificate()) + Files.readString(certificate.key()));
        int port = FreePort.find();
        String guide =
                Stream.of(kind.blocks.split(" ", -1)).map(EdgeProxy::block).collect(Collectors.joining());
        String own = guide.replaceAll("/etc/(haproxy|nginx)/shop\\.pem", Matcher.quoteReplacement(pem.toString()))
                .replaceAll("(bind|listen) :?443", "$1 127.0.0.1:" + port)
                .replaceAll("10\\.0\\.0\\.11:\\d+", "127.0.0.1:" + instances.get(0))
                .replaceAll("10\\.0\\.0\\.12:\\d+", "127.0.0.1:" + instances.get(1));
        Path file = directory.resolve("proxy.conf");
        Files.writeString(file, kind == Kind.NGINX ? aroundNginx(directory, own) : own);
        EdgeProxy proxy = new EdgeProxy(kind, started(kind, directory, file), port);
        boolean isOpen = false;
        try {
            Await.until("the proxy listens", PATIENCE, proxy::isOpen);
            isOpen = true;
            return proxy;
        } finally {
            if (!isOpen) {
                proxy.close();
            }
        }
    }

    private static ServiceProcess started(Kind kind, Path directory, Path file) throws InterruptedException {
        ProcessBuilder builder = DebianPackages.system()
                .program(kind.program, kind.program)
                .process(
                        kind == Kind.NGINX
                                ? new String[] {"-p", directory.toString(), "-c", file.toString()}
                                : new String[] {"-f", file.toString(), "-db"});
        return Launch.program(
                directory, builder.environment(), builder.command().toArray(String[]::new));
    }

    private static String aroundNginx(Path directory, String configuration) {
        return """
            daemon off;
            pid %1$s/nginx.pid;
            error_log stderr;
            events { worker_connections 512; }
            http {
                access_log /dev/stdout;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
            %2$s
            }
            """.formatted(directory, configuration);
    }

    private static String block(String name) {
        try {
            Map<String, String> blocks = BLOCK.matcher(Files.readString(GUIDE))
                    .results()
                    .collect(Collectors.toMap(match -> match.group(1), match -> match.group(2)));
            return Objects.requireNonNull(blocks.get(name), () -> GUIDE + " has no block 'proxy: " + name + "'");
        } catch (IOException e) {
            throw new AssertionError(GUIDE + " cannot be read", e);
        }
    }

    private boolean isOpen() {
        if (!process.isAlive()) {
            throw process.failure("it has ended");
        }
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    /** Returns how often it has found an instance healthy again; 0 for nginx, which has no checks. */
    long timesUp(int index) {
        return lines().filter(line -> line.contains(" is UP") && line.contains(server(index)))
                .count();
    }

    /** Waits until it has found an instance healthy more often than {@code times}, or as long as nginx leaves one out. */
    void awaitUp(int index, long times) throws InterruptedException {
        if (kind == Kind.NGINX) {
            Thread.sleep(Duration.ofMillis(1500));
            return;
        }
        Await.until("the proxy finds " + server(index) + " healthy", PATIENCE, () -> timesUp(index) > times);
    }

    private static String server(int index) {
        return "shop/" + "ab".charAt(index);
    }

    private Stream<String> lines() {
        return process.output().lines().stream().map(Output.Line::text);
    }

    /** Returns the lines about answers that it made itself or that were cut off, for a message. */
    String complaints() {
        return lines().filter(line -> line.matches(".*( 50[234] |\\[error\\]| is DOWN| is UP|no server|reset).*"))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return kind.toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
