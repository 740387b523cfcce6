package io.lynx.systemtest.process;

import io.lynx.testkit.StablePort;

/**
 * Finds ports for programs that cannot choose one themselves, or that must keep theirs across a restart. Two processes of the same
 * build find different ports: each takes them from a part of its own.
 */
public final class FreePort {
    private static final int PARTS = 8;
    private static final int PART = Integer.getInteger("system-tests.fork", 0) % PARTS;

    private FreePort() {}

    /** Returns a loopback port that is free now and that no outgoing connection will take. */
    public static int find() {
        int port = StablePort.find();
        while (port % PARTS != PART) {
            port = StablePort.find();
        }
        return port;
    }
}
