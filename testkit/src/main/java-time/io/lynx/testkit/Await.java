package io.lynx.testkit;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits in real time until something that other threads do has happened. A test that waits names what it waits for, so that
 * its failure names what did not happen. The waiting thread polls about once a millisecond. Stateless and thread-safe.
 */
public final class Await {
    /** The longest wait unless a test sets another: long enough for a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(1);

    private Await() {}

    /** A block of assertions. */
    @FunctionalInterface
    public interface Assertions {
        /**
         * Asserts something.
         *
         * @throws Exception is retried, as a failed assertion is
         */
        void check() throws Exception;
    }

    /**
     * Waits until {@code condition} is true, {@link #PATIENCE} at most.
     *
     * @param what what is waited for, for the message: "the order is confirmed"
     * @throws AssertionError if it is still false when the time is over
     */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    /** Waits until {@code condition} is true, {@code patience} at most. */
    public static void until(String what, Duration patience, Callable<Boolean> condition) {
        until(what, patience, PAUSE, condition);
    }

    /**
     * Waits until {@code condition} is true, {@code patience} at most.
     *
     * @param pause between two calls of {@code condition}, for a condition that costs much, such as a request
     */
    public static void until(String what, Duration patience, Duration pause, Callable<Boolean> condition) {
        asserted(what, patience, pause, () -> {
            if (!condition.call()) {
                throw new AssertionError("it has not happened");
            }
        });
    }

    /** Waits until {@code supplier} returns something, {@link #PATIENCE} at most, and returns it. */
    public static <T> T value(String what, Supplier<Optional<T>> supplier) {
        Deadline end = Deadline.after(PATIENCE, Ticker.system());
        while (true) {
            Optional<T> found = supplier.get();
            if (found.isPresent()) {
                return found.get();
            }
            pause(end, what, PATIENCE, PAUSE, null);
        }
    }

    /**
     * Waits until {@code assertions} pass, {@link #PATIENCE} at most.
     *
     * @throws AssertionError with the last failure as its cause
     */
    public static void asserted(String what, Assertions assertions) {
        asserted(what, PATIENCE, assertions);
    }

    /** Waits until {@code assertions} pass, {@code patience} at most. */
    public static void asserted(String what, Duration patience, Assertions assertions) {
        asserted(what, patience, PAUSE, assertions);
    }

    private static void asserted(String what, Duration patience, Duration pause, Assertions assertions) {
        Deadline end = Deadline.after(patience, Ticker.system());
        while (true) {
            try {
                assertions.check();
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting until " + what, interrupted);
            } catch (Exception | AssertionError failure) {
                pause(end, what, patience, pause, failure);
            }
        }
    }

    private static void pause(Deadline end, String what, Duration patience, Duration pause, @Nullable Throwable last) {
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("interrupted while waiting until " + what, last);
        }
        if (end.isExpired()) {
            String reason = last == null || last.getMessage() == null ? "" : ": " + last.getMessage();
            throw new AssertionError("waited " + patience.toMillis() + " ms until " + what + reason, last);
        }
        LockSupport.parkNanos(pause.toNanos());
    }
}
