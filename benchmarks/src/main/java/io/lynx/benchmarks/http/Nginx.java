package io.lynx.benchmarks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The web server nginx with one worker, which answers below {@code /files} with the files of a directory. Not thread-safe. */
final class Nginx implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final int port;
    private final Process process;

    private Nginx(int port, Process process) {
        this.port = port;
        this.process = process;
    }

    /**
     * Starts it on one processor.
     *
     * @param folder for its own files
     * @param files whose name must be {@code files}
     */
    static Nginx startOn(int processor, Path folder, Path files) throws IOException {
        int port = freePort();
        String configuration = """
                user root;
                daemon off;
                worker_processes 1;
                pid FOLDER/nginx.pid;
                error_log stderr;
                events { worker_connections 1024; }
                http {
                    types { image/png png; text/javascript js; }
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 100000000;
                    gzip_static on;
                    client_body_temp_path FOLDER/body;
                    proxy_temp_path FOLDER/proxy;
                    fastcgi_temp_path FOLDER/fastcgi;
                    uwsgi_temp_path FOLDER/uwsgi;
                    scgi_temp_path FOLDER/scgi;
                    server {
                        listen 127.0.0.1:PORT;
                        root ROOT;
                    }
                }
                """.replace("FOLDER", folder.toString())
                .replace("PORT", String.valueOf(port))
                .replace("ROOT", files.resolveSibling("").toString());
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        Process process = new ProcessBuilder(List.of(
                        "taskset",
                        "-c",
                        String.valueOf(processor),
                        "nginx",
                        "-p",
                        folder.toString(),
                        "-c",
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Nginx started = new Nginx(port, process);
        if (!started.isReady()) {
            started.close();
            throw new IOException("nginx did not start:\n" + Files.readString(folder.resolve("nginx.log")));
        }
        return started;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return true;
            } catch (IOException notYet) {
                LockSupport.parkNanos(10_000_000);
            }
        }
        return false;
    }

    int port() {
        return port;
    }

    /** Returns the processor time that it and its worker have taken. */
    Duration cpu() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .flatMap(one -> one.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Ends it and its worker. */
    @Override
    public void close() {
        process.destroy();
        Process _ = process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
