package io.lynx.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A connection could not be made, or an answer is not available. Its message holds nothing that the server has sent. */
public final class OutgoingException extends IOException {
    /** The server has not reset the call. */
    public static final long NO_RESET = -1;

    private final Kind kind;
    private final boolean isUnanswered;
    private final long resetCode;

    /** What failed. */
    public enum Kind {
        /** The server cannot be reached, or it refuses the connection. */
        CONNECT,
        /** TLS failed, such as for a certificate that is not trusted. */
        TLS,
        /** The connection ended before the answer was complete, or the call was cancelled. */
        LOST,
        /** The answer is not valid HTTP. */
        MALFORMED,
        /** The head of the answer is larger than allowed. */
        HEAD_TOO_LARGE,
        /** The call was not processed: nothing was sent, or the server says so. */
        UNPROCESSED
    }

    /** Creates a failure. */
    public OutgoingException(Kind kind, boolean isUnanswered, String message, @Nullable Throwable cause) {
        this(kind, isUnanswered, message, cause, NO_RESET);
    }

    private OutgoingException(
            Kind kind, boolean isUnanswered, String message, @Nullable Throwable cause, long resetCode) {
        super(message, cause);
        this.kind = kind;
        this.isUnanswered = isUnanswered;
        this.resetCode = resetCode;
    }

    /** Returns the failure of a call that the server has reset with an error code of HTTP/2. */
    public static OutgoingException reset(Kind kind, boolean isUnanswered, String message, long code) {
        return new OutgoingException(kind, isUnanswered, message, null, code);
    }

    /** Returns the error code of HTTP/2 (RFC 9113, 7) with which the server has reset the call; {@link #NO_RESET} if it has not. */
    public long resetCode() {
        return resetCode;
    }

    /** Returns what failed. */
    public Kind kind() {
        return kind;
    }

    /** Returns whether no byte of an answer has arrived. */
    public boolean isUnanswered() {
        return isUnanswered;
    }
}
