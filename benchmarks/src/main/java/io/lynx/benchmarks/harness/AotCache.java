package io.lynx.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An AOT cache of JEP 514, which a training run of a program writes for later runs, as {@code ./build run --aot} does. */
public final class AotCache {
    /** The work of a training run, until its process has exited. */
    @FunctionalInterface
    public interface Training {
        /** Runs the training and waits until the process has exited. */
        void run(Child child) throws InterruptedException;
    }

    private AotCache() {}

    /**
     * Runs the training, and returns the JVM option that starts the same program with the cache.
     *
     * @throws IllegalStateException if the run wrote no cache
     */
    public static String train(Program program, Training training) throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("lynx-aot-");
            Path cache = folder.resolve("training.aot");
            folder.toFile().deleteOnExit();
            cache.toFile().deleteOnExit();
            try (Child child = Child.start(program, "-XX:AOTCacheOutput=" + cache)) {
                training.run(child);
            }
            if (!Files.exists(cache)) {
                throw new IllegalStateException(program.name() + ": no AOT cache was made");
            }
            return "-XX:AOTCache=" + cache;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
