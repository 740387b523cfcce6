package io.lynx.systemtest;

/**
 * How much is tested: a representative part in every build, or all of it with {@code -Dsystem-tests=full}: no name below lynx, which a service
 * in the same process would read as a key of its configuration. Stateless.
 */
public final class SystemTests {
    private SystemTests() {}

    /** Whether to test everything. */
    public static boolean areFull() {
        return System.getProperty("system-tests", "quick").equals("full");
    }

    /** One number for each form. */
    public static int count(int quick, int full) {
        return areFull() ? full : quick;
    }
}
