package io.lynx.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for servers that cannot choose one themselves, or that keep theirs while a test stops and starts them. Ports that the
 * kernel gives to outgoing connections are left out. One of them could be taken before the server opens it, also by a client that
 * connects to it in vain: such a client can be given the very port that it connects to. Thread-safe.
 */
public final class StablePort {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int USUAL_LOWEST_OUTGOING = 32_768;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

    private StablePort() {}

    /**
     * Returns a loopback port that is free now. No port is returned twice in one process.
     *
     * @throws IllegalStateException if none is found
     */
    public static int find() {
        int end = lowestOutgoing();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (isFree(port) && FOUND.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + LOWEST + " to " + (end - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int lowestOutgoing() {
        try {
            String lowest = Files.readString(OUTGOING).strip().split("\\s+", 2)[0];
            return Math.max(Integer.parseInt(lowest), LOWEST + ATTEMPTS);
        } catch (IOException notLinux) {
            return USUAL_LOWEST_OUTGOING;
        }
    }
}
