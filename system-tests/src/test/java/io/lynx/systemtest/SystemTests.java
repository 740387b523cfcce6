package io.lynx.systemtest;

/** How much is tested: a representative part in every build, or all of it with {@code -Dlynx.system-tests=full}. */
final class SystemTests {
    private SystemTests() {}

    /** Whether to test everything. */
    static boolean areFull() {
        return System.getProperty("lynx.system-tests", "quick").equals("full");
    }

    /** One number for each form. */
    static int count(int quick, int full) {
        return areFull() ? full : quick;
    }
}
