package io.lynx.systemtest.process;

import io.lynx.testkit.StablePort;

/**
 * Finds ports for programs that cannot choose one themselves, or that must keep theirs across a restart. Two processes of the same
 * build find different ports: each takes them from a part of its own.
 */
public final class FreePort {
    private static final int PARTS = 8;
    private static final int PART = part();

    private FreePort() {}

    /** Returns the number of this fork of the build; outside of a build, one by the id of the process. */
    private static int part() {
        String number = System.getProperty("system-tests.fork", "").replaceAll("\\D", "");
        return (int) ((number.isEmpty() ? ProcessHandle.current().pid() : Long.parseLong(number)) % PARTS);
    }

    /** Returns a loopback port that is free now and that no outgoing connection will take. */
    public static int find() {
        int port = StablePort.find();
        while (port % PARTS != PART) {
            port = StablePort.find();
        }
        return port;
    }
}
