package io.lynx.testkit;

/**
 * The context class loader of the threads of one run. It loads nothing itself. Threads inherit it from the threads that create
 * them, so it marks the threads that belong to the run.
 */
final class TestLoader extends ClassLoader {
    TestLoader(ClassLoader parent) {
        super("lynx-test", parent);
    }

    static TestLoader create() {
        ClassLoader parent = Thread.currentThread().getContextClassLoader();
        return new TestLoader(parent == null ? ClassLoader.getSystemClassLoader() : parent);
    }

    /** Returns whether a thread belongs to a run, but to another one. */
    boolean isOfAnother(Thread thread) {
        return thread.getContextClassLoader() instanceof TestLoader other && other != this;
    }

    boolean isOf(Thread thread) {
        return thread.getContextClassLoader() == this;
    }
}
