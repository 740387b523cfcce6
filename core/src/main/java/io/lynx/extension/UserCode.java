package io.lynx.extension;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls code that a user supplied and reads the exceptions that it throws. Any {@code Throwable} other than a failure of the
 * virtual machine itself is handled, exceptions whose own methods throw included. Stateless and thread-safe.
 *
 * <p>The interrupt flag is left as the code leaves it: a loop of the framework that calls user code must survive being
 * interrupted by it.
 */
public final class UserCode {
    /** Longest message that is taken from an exception, in characters. */
    static final int MAX_MESSAGE = 4096;

    private static final int MAX_CAUSES = 16;
    private static final StackTraceElement[] NO_STACK = {};

    private UserCode() {}

    /**
     * Returns whether {@code failure} means that the virtual machine cannot be trusted any more. A {@code StackOverflowError}
     * does not: its stack has been unwound.
     */
    public static boolean isFatal(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    /** Throws {@code failure} if it {@linkplain #isFatal is fatal}; returns otherwise. */
    public static void rethrowIfFatal(Throwable failure) {
        if (failure instanceof VirtualMachineError error && isFatal(failure)) {
            throw error;
        }
    }

    /**
     * Runs {@code code}.
     *
     * @param onFailure receives what {@code code} throws; what it throws itself is discarded
     * @return whether {@code code} returned
     * @throws VirtualMachineError if the failure {@linkplain #isFatal is fatal}
     */
    public static boolean run(Action code, Consumer<? super Throwable> onFailure) {
        try {
            code.run();
            return true;
        } catch (Throwable failure) {
            handle(failure, onFailure);
            return false;
        }
    }

    /**
     * Calls {@code code} and returns its result, or {@code fallback} if it throws.
     *
     * @param onFailure receives what {@code code} throws; what it throws itself is discarded
     * @throws VirtualMachineError if the failure {@linkplain #isFatal is fatal}
     */
    public static <T extends @Nullable Object> T call(
            Callable<? extends T> code, T fallback, Consumer<? super Throwable> onFailure) {
        try {
            return code.call();
        } catch (Throwable failure) {
            handle(failure, onFailure);
            return fallback;
        }
    }

    private static void handle(Throwable failure, Consumer<? super Throwable> onFailure) {
        rethrowIfFatal(failure);
        try {
            onFailure.accept(failure);
        } catch (Throwable second) {
            rethrowIfFatal(second);
        }
    }

    /** Returns the message of {@code failure}, shortened to a bounded length; null if it has none or {@code getMessage} throws. */
    public static @Nullable String messageOf(Throwable failure) {
        String message = quietly(failure::getMessage);
        return message == null || message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
    }

    /** Returns the class name of {@code failure} and its message if it has one. */
    public static String describe(Throwable failure) {
        String message = messageOf(failure);
        String type = failure.getClass().getName();
        return message == null || message.isBlank() ? type : type + ": " + message;
    }

    /** Returns the cause of {@code failure}; null if it has none, is its own cause, or {@code getCause} throws. */
    @SuppressWarnings("ReferenceEquality") // Identity is the question here, and equals is the user's code.
    public static @Nullable Throwable causeOf(Throwable failure) {
        Throwable cause = quietly(failure::getCause);
        return cause == failure ? null : cause;
    }

    /** Returns the stack trace of {@code failure}; empty if {@code getStackTrace} throws or returns null. */
    public static StackTraceElement[] stackTraceOf(Throwable failure) {
        StackTraceElement[] stack = quietly(failure::getStackTrace);
        return stack == null ? NO_STACK : stack;
    }

    /** Returns {@code value.toString()}, or its class name if that throws or returns null. */
    public static String textOf(Object value) {
        String text = quietly(value::toString);
        return text == null ? value.getClass().getName() : text;
    }

    /**
     * Returns an exception that logging back ends can print: {@code failure} itself if its own methods and those of its causes
     * behave, otherwise a copy of what can be read from it.
     */
    public static Throwable loggable(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        Throwable next = failure;
        while (next != null && chain.size() < MAX_CAUSES) {
            if (!isReadable(next)) {
                return copyOf(failure, 0);
            }
            chain.add(next);
            next = causeOf(next);
        }
        return failure;
    }

    private static boolean isReadable(Throwable failure) {
        try {
            String _ = failure.getMessage();
            String _ = failure.getLocalizedMessage();
            Throwable _ = failure.getCause();
            return failure.toString() != null && failure.getStackTrace() != null;
        } catch (Throwable hostile) {
            rethrowIfFatal(hostile);
            return false;
        }
    }

    private static Throwable copyOf(Throwable failure, int depth) {
        Throwable cause = depth < MAX_CAUSES ? causeOf(failure) : null;
        return new UnreadableException(
                describe(failure), cause == null ? null : copyOf(cause, depth + 1), stackTraceOf(failure));
    }

    private static <T> @Nullable T quietly(Callable<@Nullable T> code) {
        try {
            return code.call();
        } catch (Throwable hostile) {
            rethrowIfFatal(hostile);
            return null;
        }
    }

    /** Code that returns nothing and may throw anything. */
    @FunctionalInterface
    public interface Action {
        /** Runs it. */
        void run() throws Throwable;
    }

    /** Stands in for an exception whose own methods throw; its message names the class of the original. */
    @SuppressWarnings("OverrideThrowableToString") // The message begins with the class of the original.
    private static final class UnreadableException extends RuntimeException {
        UnreadableException(String message, @Nullable Throwable cause, StackTraceElement[] stack) {
            super(message, cause);
            setStackTrace(stack);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
