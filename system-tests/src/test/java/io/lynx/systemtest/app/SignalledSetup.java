package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A main that receives TERM while it sets its application up. The process does not exit before the set-up is over and main calls
 * System.exit; the system property {@code setup} is {@code throws} if the set-up is to fail.
 */
public final class SignalledSetup {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int MOST_PAUSES = 4_000;

    private SignalledSetup() {}

    /** Runs it. */
    public static void main(String[] args) {
        Thread main = Thread.currentThread();
        CountDownLatch exiting = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            exiting.countDown();
            awaitExitCall(main);
        }));
        boolean fails = System.getProperty("setup", "").equals("throws");
        Lynx.run(args, app -> {
            app.discoverPlugins(false);
            terminate();
            await(exiting);
            if (fails) {
                throw new IllegalStateException("setup broke as scripted");
            }
        });
    }

    /** The call of System.exit by main blocks, since there was one before. */
    private static void awaitExitCall(Thread main) {
        for (int i = 0; i < MOST_PAUSES && main.getState() != Thread.State.BLOCKED; i++) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException ignored) {
                return;
            }
        }
        System.out.println("script main is " + main.getState());
    }

    private static void terminate() {
        try {
            Process _ = new ProcessBuilder(
                            "kill",
                            "-TERM",
                            Long.toString(ProcessHandle.current().pid()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
