package io.lynx.systemtest.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process holds, as Linux counts it.
 *
 * @param files open file descriptors, sockets among them
 * @param threads threads of the platform
 * @param connections established connections to a port of its own
 */
public record Holdings(long files, long threads, long connections) {
    private static final String ESTABLISHED = "01";

    /** Those of {@code service}, and of its connections those to {@code address}. */
    public static Holdings of(ServiceProcess service, InetSocketAddress address)
            throws IOException, InterruptedException {
        Path process = Path.of("/proc", Long.toString(service.pid()));
        try (Stream<Path> files = Files.list(process.resolve("fd"));
                Stream<Path> threads = Files.list(process.resolve("task"))) {
            return new Holdings(files.count(), threads.count(), connections(address.getPort()));
        }
    }

    private static long connections(int port) throws IOException {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        long count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            count += Files.readAllLines(Path.of(table)).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns[1].endsWith(suffix) && columns[3].equals(ESTABLISHED))
                    .count();
        }
        return count;
    }
}
