package io.lynx.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call exceeded its time. Its cause shows where the call was: what the interrupted call threw, or the stack of its thread if
 * it was not interrupted. There is none if the call ended without an exception, or never began.
 */
public final class CallTimeoutException extends RuntimeException {
    private final Duration timeout;
    private final Scope scope;
    /** Identifies the policies whose total deadline ended the call; null for a time limit of one attempt. */
    private final transient @Nullable Object owner;

    /** Which limit was exceeded. */
    enum Scope {
        /** The time of one attempt. */
        ATTEMPT,
        /** The time of the whole call, all of which its only attempt had. */
        CALL,
        /** The rest of the whole call's time, which was less than an attempt may take. */
        REST_OF_CALL
    }

    CallTimeoutException(Duration timeout, Scope scope, @Nullable Throwable cause) {
        this(timeout, scope, null, cause);
    }

    CallTimeoutException(Duration timeout, Scope scope, @Nullable Object owner, @Nullable Throwable cause) {
        super("call: exceeded " + timeout.toMillis() + "ms (" + describe(scope) + ")", cause);
        this.timeout = timeout;
        this.scope = scope;
        this.owner = owner;
    }

    private static String describe(Scope scope) {
        return switch (scope) {
            case ATTEMPT -> "attempt timeout";
            case CALL -> "total deadline";
            case REST_OF_CALL -> "what was left of the total deadline";
        };
    }

    /** Returns the time that was exceeded. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns whether {@code attempt} was cut short by its own policies, which says nothing about the called service. */
    @SuppressWarnings("ReferenceEquality") // An attempt is itself only.
    boolean isCutShortBy(Object attempt) {
        return scope == Scope.REST_OF_CALL && owner == attempt;
    }
}
