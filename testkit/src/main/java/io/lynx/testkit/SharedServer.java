package io.lynx.testkit;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A server that all tests of this JVM share: it starts when it is first needed, and stops with the JVM. Thread-safe.
 *
 * @param <S> the server
 */
public final class SharedServer<S extends ExternalServer & AutoCloseable> {
    private final String name;
    private final Callable<S> create;
    private final Object lock = new Object();
    private @Nullable S server;

    /**
     * Creates nothing yet.
     *
     * @param name of the server, for messages, such as {@code PostgreSQL}
     * @param create makes it, without starting it
     */
    public SharedServer(String name, Callable<S> create) {
        this.name = name;
        this.create = create;
    }

    /**
     * Returns the server, started.
     *
     * @throws IllegalStateException if it is not installed or does not start; the message says why
     */
    public S get() {
        synchronized (lock) {
            S known = server;
            if (known == null) {
                known = start();
                server = known;
            }
            return known;
        }
    }

    private S start() {
        try {
            S made = create.call();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(made), name + "-of-tests"));
            made.start();
            return made;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " started", interrupted);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(name + " cannot be started: " + failure.getMessage(), failure);
        }
    }

    private static void stop(AutoCloseable server) {
        try {
            server.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            // The JVM ends; what is left is in the folder of temporary files.
        }
    }
}
