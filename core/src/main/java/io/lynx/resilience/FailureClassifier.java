package io.lynx.resilience;

import java.lang.reflect.InvocationTargetException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Tells failures of what was called from cancellations and from our own rejections. Stateless. */
final class FailureClassifier {
    private static final int MOST_CAUSES = 16;

    private FailureClassifier() {}

    /** Whether the call was given up by its own side, so that it says nothing about what it called. */
    static boolean isNoVerdict(Throwable failure) {
        return switch (unwrap(failure)) {
            case CallRejectedException _ -> true;
            case CallTimeoutException timeout -> timeout.scope() == CallTimeoutException.Scope.REST_OF_CALL;
            default -> isInterruption(failure);
        };
    }

    /** Whether the caller was interrupted or the call cancelled. */
    static boolean isInterruption(Throwable failure) {
        return switch (unwrap(failure)) {
            case InterruptedException _, CancellationException _, ClosedByInterruptException _ -> true;
            default -> false;
        };
    }

    /** What is inside the wrappers of futures and reflection; bounded, so a cycle of causes ends. */
    private static Throwable unwrap(Throwable failure) {
        Throwable unwrapped = failure;
        for (int i = 0; i < MOST_CAUSES; i++) {
            Throwable cause = wrapped(unwrapped);
            if (cause == null) {
                return unwrapped;
            }
            unwrapped = cause;
        }
        return unwrapped;
    }

    private static @Nullable Throwable wrapped(Throwable failure) {
        return switch (failure) {
            case ExecutionException e -> e.getCause();
            case CompletionException e -> e.getCause();
            case InvocationTargetException e -> e.getCause();
            default -> null;
        };
    }
}
