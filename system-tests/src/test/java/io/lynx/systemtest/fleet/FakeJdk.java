package io.lynx.systemtest.fleet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A JDK whose {@code java} plays the database and the services of a fleet: it writes what they write and ends by TERM as they do. All
 * services have the address of one server, which answers that it is ready.
 */
final class FakeJdk implements AutoCloseable {
    private static final String JAVA = """
            #!/usr/bin/env bash
            name=$(basename "$(readlink /proc/$$/fd/1)" .log)
            trap 'echo "Stopped $name"; exit 143' TERM
            if [ "$name" = "$FAKE_BROKEN" ]; then
                echo "$name cannot be started"
                echo "    at some.place"
                exit 78
            fi
            if [ "$name" = "$FAKE_STUBBORN" ]; then
                trap '' TERM
            fi
            case "$*" in
                *org.h2.tools.Server*) echo "TCP server running at tcp://127.0.0.1:1 (only local connections)" ;;
                *)
                    echo "Management port: http://127.0.0.1:1 url=http://127.0.0.1:1"
                    echo "$name ready ms=1 urls=[$FAKE_URL]"
                    ;;
            esac
            while :; do
                sleep 0.1
            done
            """;

    private final Path home;
    private final HttpServer server;

    private FakeJdk(Path home, HttpServer server) {
        this.home = home;
        this.server = server;
    }

    static FakeJdk in(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25\"\n");
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        program(home.resolve("bin/java"), JAVA);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return new FakeJdk(home, server);
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }

    Path home() {
        return home;
    }

    /**
     * Returns the variables that its programs read.
     *
     * @param broken the process that ends at its start; empty for none
     * @param stubborn the process that TERM does not end; empty for none
     */
    Map<String, String> variables(String broken, String stubborn) {
        return Map.of(
                "FAKE_BROKEN", broken,
                "FAKE_STUBBORN", stubborn,
                "FAKE_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
