package io.lynx.systemtest.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports for programs that cannot choose one themselves, or that must keep theirs across a restart. Ports that the kernel
 * gives to outgoing connections are left out: under load, one of them would be taken before the program opens it. No port is
 * returned twice, neither in this process nor in another process of the same build: each takes its ports from a part of its own.
 */
public final class FreePort {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_000;
    private static final int USUAL_LOWEST_OUTGOING = 32_768;
    private static final int ATTEMPTS = 1_000;
    private static final int PARTS = 8;
    private static final int PART = Integer.getInteger("system-tests.fork", 0) % PARTS;
    private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /** Returns a loopback port that is free now and that no outgoing connection will take. */
    public static int find() {
        int end = lowestOutgoing();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (port % PARTS == PART && isFree(port) && FOUND.add(port)) {
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
        } catch (IOException unknown) {
            return USUAL_LOWEST_OUTGOING;
        }
    }
}
