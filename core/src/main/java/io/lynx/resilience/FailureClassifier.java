package io.lynx.resilience;

import io.lynx.extension.UserCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Distinguishes failures of the called service from cancellations and from our own rejections. Stateless. */
final class FailureClassifier {
    private static final int MAX_CAUSES = 16;

    private FailureClassifier() {}

    /** What the end of a call says about the called service. */
    enum Verdict {
        /** It works: the call returned, or threw something that does not count as a failure. */
        SUCCESS,
        /** It does not work. */
        FAILURE,
        /** Nothing: the call was rejected before it was made, or cancelled by its caller. */
        NONE
    }

    /** Returns whether the call was rejected or given up by its own side, so that it says nothing about the called service. */
    static boolean isNoVerdict(Throwable failure) {
        return unwrap(failure) instanceof CallRejectedException || isInterruption(failure);
    }

    /** Returns whether the caller was interrupted or the call cancelled. */
    static boolean isInterruption(Throwable failure) {
        return switch (unwrap(failure)) {
            case InterruptedException _, CancellationException _, ClosedByInterruptException _ -> true;
            default -> false;
        };
    }

    /** Returns the exception inside the wrappers of futures, proxies and reflection; bounded, so that a cycle of causes ends. */
    static Throwable unwrap(Throwable failure) {
        Throwable unwrapped = failure;
        for (int i = 0; i < MAX_CAUSES; i++) {
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
            case ExecutionException _,
                    CompletionException _,
                    UndeclaredThrowableException _,
                    InvocationTargetException _ -> UserCode.causeOf(failure);
            default -> null;
        };
    }
}
