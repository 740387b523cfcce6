package io.lynx.systemtest.fleet;

import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.FreePort;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real load balancer in front of the instances of a fleet, in its usual configuration. */
final class LoadBalancer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final Path directory;
    private final int port;

    private LoadBalancer(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** The kinds that are tested. */
    enum Kind {
        /** Checks the readiness of each instance. */
        HAPROXY,
        /** Learns from failed requests only. */
        NGINX
    }

    /** Starts one of that kind in front of these ports. */
    static LoadBalancer start(Kind kind, List<Integer> instances) throws Exception {
        Path directory = Files.createTempDirectory("lynx-balancer-");
        int port = FreePort.find();
        return switch (kind) {
            case HAPROXY -> haproxy(directory, port, instances);
            case NGINX -> nginx(directory, port, instances);
        };
    }

    private static LoadBalancer haproxy(Path directory, int port, List<Integer> instances) throws Exception {
        String servers = instances.stream()
                .map(instance ->
                        "    server s" + instance + " 127.0.0.1:" + instance + " check inter 500ms fall 2 rise 1\n")
                .collect(Collectors.joining());
        Path file = directory.resolve("haproxy.cfg");
        Files.writeString(file, """
            global
                maxconn 1000
            defaults
                mode http
                timeout connect 2s
                timeout client 30s
                timeout server 30s
                timeout check 2s
                option redispatch
            frontend in
                bind 127.0.0.1:%d
                default_backend fleet
            backend fleet
                balance roundrobin
                option httpchk GET /health/ready
            %s\
            """.formatted(port, servers));
        ProcessBuilder builder =
                DebianPackages.system().program("haproxy", "haproxy").process("-f", file.toString(), "-db");
        return started(builder, directory, port);
    }

    private static LoadBalancer nginx(Path directory, int port, List<Integer> instances) throws Exception {
        String servers = instances.stream()
                .map(instance -> "        server 127.0.0.1:" + instance + ";\n")
                .collect(Collectors.joining());
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, """
            daemon off;
            pid %1$s/nginx.pid;
            error_log %1$s/error.log;
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path %1$s/body;
                proxy_temp_path %1$s/proxy;
                fastcgi_temp_path %1$s/fastcgi;
                uwsgi_temp_path %1$s/uwsgi;
                scgi_temp_path %1$s/scgi;
                upstream fleet {
            %2$s
                    keepalive 16;
                }
                server {
                    listen 127.0.0.1:%3$d;
                    location / {
                        proxy_pass http://fleet;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                    }
                }
            }
            """.formatted(directory, servers, port));
        ProcessBuilder builder = DebianPackages.system()
                .program("nginx", "nginx")
                .process("-p", directory.toString(), "-c", file.toString());
        return started(builder, directory, port);
    }

    private static LoadBalancer started(ProcessBuilder builder, Path directory, int port)
            throws IOException, InterruptedException {
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile());
        LoadBalancer balancer = new LoadBalancer(builder.start(), directory, port);
        balancer.awaitService();
        return balancer;
    }

    /** Waits until it forwards requests to an instance that answers. */
    private void awaitService() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/health/ready"))
                    .timeout(PATIENCE)
                    .build();
            Await.until(
                    "the load balancer forwards requests",
                    PATIENCE,
                    Duration.ofMillis(50),
                    () -> client.send(request, BodyHandlers.discarding()).statusCode() == 200);
        } catch (AssertionError failure) {
            close();
            throw new AssertionError(failure.getMessage() + "; " + output(), failure);
        }
    }

    /** Returns where it listens. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns what it has written. */
    String output() throws IOException {
        return Files.readString(directory.resolve("output.log"));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
