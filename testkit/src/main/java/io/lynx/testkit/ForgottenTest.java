package io.lynx.testkit;

import java.util.Optional;
import java.util.Set;

/** Reports, when the JVM ends, a test that was never closed. */
final class ForgottenTest implements Runnable {
    private static final Set<String> TESTKIT = Set.of(
            ForgottenTest.class.getName(),
            ApplicationRun.class.getName(),
            LynxTest.class.getName(),
            LynxTest.Builder.class.getName());
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final String place;
    private final Thread hook = new Thread(this, "lynx-test-forgotten");

    private ForgottenTest(String place) {
        this.place = place;
    }

    /** Begins to watch the test that the calling code has started. */
    static ForgottenTest register() {
        Optional<String> caller = WALKER.walk(frames -> frames.filter(frame -> !isOfTheTestkit(frame.getClassName()))
                .findFirst()
                .map(frame -> frame.toStackTraceElement().toString()));
        ForgottenTest watched = new ForgottenTest(caller.orElse("an unknown place"));
        Runtime.getRuntime().addShutdownHook(watched.hook);
        return watched;
    }

    private static boolean isOfTheTestkit(String className) {
        return TESTKIT.contains(className);
    }

    void unregister() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException jvmEnds) {
            // The hook runs, or has run.
        }
    }

    /** Returns what is printed. */
    String message() {
        return "LynxTest: the application that was started at " + place
                + " was never stopped; close it, use try-with-resources, or let LynxExtension do it";
    }

    @Override
    @SuppressWarnings("SystemOut") // The logging back end may have ended.
    public void run() {
        System.err.println(message());
    }
}
