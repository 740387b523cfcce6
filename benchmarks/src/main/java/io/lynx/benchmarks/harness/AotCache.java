package io.lynx.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a JVM has learnt from one run of a program, for later ones: JEP 514's cache, as {@code ./build run --aot} makes it. */
public final class AotCache {
    /** What a training run does until its process is gone. */
    @FunctionalInterface
    public interface Training {
        /** Does it, and waits for the end. */
        void run(Child child) throws InterruptedException;
    }

    private AotCache() {}

    /**
     * Trains, and gives the option to start the same program with the cache.
     *
     * @throws IllegalStateException if no cache came of it
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
