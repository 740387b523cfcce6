package io.lynx.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call took longer than it was allowed and was interrupted. Its cause is what the interrupted call threw, which tells
 * where it hung; there is none if it ended without an exception, or never began.
 */
public final class CallTimeoutException extends RuntimeException {
    private final Duration timeout;
    private final Scope scope;

    /** Whose time was over. */
    public enum Scope {
        /** That of one attempt. */
        ATTEMPT,
        /** That of the whole call; its one attempt had all of it, so this speaks against what was called. */
        CALL,
        /** What the whole call had left for a further attempt; this says nothing about what was called. */
        REST_OF_CALL
    }

    CallTimeoutException(Duration timeout, Scope scope, @Nullable Throwable cause) {
        super("call: not done after " + timeout.toMillis() + "ms (" + describe(scope) + ")", cause);
        this.timeout = timeout;
        this.scope = scope;
    }

    private static String describe(Scope scope) {
        return switch (scope) {
            case ATTEMPT -> "attempt timeout";
            case CALL -> "total deadline";
            case REST_OF_CALL -> "what was left of the total deadline";
        };
    }

    /** What it was allowed. */
    public Duration timeout() {
        return timeout;
    }

    /** Whose time was over. */
    public Scope scope() {
        return scope;
    }
}
