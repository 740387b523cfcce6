package io.lynx.transport.engine.outgoing;

import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.engine.tls.TlsFailure;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection to a server, or one stream of it, has failed. Immutable and thread-safe.
 *
 * @param message holds nothing that the server has sent
 */
record ConnectionLoss(Kind kind, String message, @Nullable Throwable cause) {
    private static final String UNSENT = "the connection was closed before the call was sent";

    /** Returns what a failure means where HTTP/1.1 is spoken, for which the decoder reports what is malformed. */
    static ConnectionLoss ofHttp1(Throwable failure, String lost) {
        return TlsFailure.isTls(failure) ? ofTls(failure) : new ConnectionLoss(Kind.LOST, lost, failure);
    }

    /** Returns what a failure means where HTTP/2 is spoken. */
    static ConnectionLoss ofHttp2(Throwable failure) {
        if (failure instanceof HeaderListSizeException || failure.getCause() instanceof HeaderListSizeException) {
            return new ConnectionLoss(Kind.HEAD_TOO_LARGE, "the head of the answer is too large", failure);
        }
        if (TlsFailure.isTls(failure)) {
            return ofTls(failure);
        }
        return failure instanceof IOException
                ? new ConnectionLoss(Kind.LOST, "the connection ended before the answer was complete", failure)
                : new ConnectionLoss(Kind.MALFORMED, "the answer is not valid HTTP/2", failure);
    }

    /** With TLS 1.3 a server refuses the client's certificate after the handshake has ended here. */
    private static ConnectionLoss ofTls(Throwable failure) {
        return new ConnectionLoss(Kind.TLS, TlsFailure.describe(failure, "this name"), failure);
    }

    OutgoingException exception(boolean isUnanswered) {
        return new OutgoingException(kind, isUnanswered, message, cause);
    }

    /**
     * Returns the failure of a call that was not sent, as its connection had ended. A server that refuses the client's certificate
     * or does not speak the protocol does so again on another connection; what ends a connection that has carried answers says
     * nothing about the next one.
     *
     * @param loss why the connection ended; null if that is unknown
     * @param hasAnswered whether the server has answered on it
     */
    static OutgoingException unsent(@Nullable ConnectionLoss loss, boolean hasAnswered) {
        if (loss == null) {
            return new OutgoingException(Kind.UNPROCESSED, true, UNSENT, null);
        }
        return hasAnswered || loss.kind == Kind.LOST
                ? new OutgoingException(Kind.UNPROCESSED, true, UNSENT + " (" + loss.message + ")", loss.cause)
                : loss.exception(true);
    }
}
