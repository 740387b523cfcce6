package io.lynx.systemtest.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Prints which signals it ignores, as Linux sees it, and waits to be ended. No framework in it. */
public final class SignalProbe {
    private SignalProbe() {}

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("SigIgn:")) {
                System.out.println("ignored " + line.substring(7).strip());
            }
        }
        System.err.println("directory " + Path.of("").toAbsolutePath() + " variable " + System.getenv("PROBE"));
        new CountDownLatch(1).await();
    }
}
