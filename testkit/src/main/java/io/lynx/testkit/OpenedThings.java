package io.lynx.testkit;

import io.lynx.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lists the metric sources, gauges and listening sockets that are open, which a plugin may forget to close. Stateless. */
final class OpenedThings {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String SOCKET = "socket:[";
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private OpenedThings() {}

    /** Returns the metric sources and gauges of a registry and the listening sockets of this process, each by a short description. */
    static Set<String> of(MetricRegistry registry) {
        Set<String> things = metrics(registry);
        things.addAll(listeningPorts());
        return things;
    }

    /** Returns the metric sources of a registry and the gauges that plugins have set in it. */
    static Set<String> metrics(MetricRegistry registry) {
        Set<String> things = new TreeSet<>();
        registry.sourceNames().forEach(name -> things.add("metric source '" + name + "' is still registered"));
        registry.gaugeNames().forEach(name -> things.add("gauge '" + name + "' still shows its last value"));
        return things;
    }

    /** Returns the listening sockets of this process; none where there is no {@code /proc}. */
    static Set<String> listeningPorts() {
        Set<String> ports = new LinkedHashSet<>();
        try {
            Set<String> own = ownSockets();
            if (own.isEmpty()) {
                return ports;
            }
            Map<String, Integer> listening = new LinkedHashMap<>();
            for (String table : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
                read(Path.of(table), listening);
            }
            listening.forEach((inode, port) -> {
                if (own.contains(inode)) {
                    ports.add("port " + port + " still listens (socket " + inode + ")");
                }
            });
        } catch (IOException notLinux) {
            return Set.of();
        }
        return ports;
    }

    private static Set<String> ownSockets() throws IOException {
        Set<String> inodes = new LinkedHashSet<>();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return inodes;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                String target = targetOf(descriptor);
                if (target.startsWith(SOCKET)) {
                    inodes.add(target.substring(SOCKET.length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    private static String targetOf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static void read(Path table, Map<String, Integer> listening) throws IOException {
        if (!Files.exists(table)) {
            return;
        }
        for (String line : Files.readAllLines(table)) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > INODE && fields[STATE].equals(LISTENING)) {
                String port = fields[LOCAL].substring(fields[LOCAL].lastIndexOf(':') + 1);
                listening.put(fields[INODE], Integer.parseInt(port, 16));
            }
        }
    }
}
