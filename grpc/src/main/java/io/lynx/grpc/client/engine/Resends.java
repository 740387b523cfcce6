package io.lynx.grpc.client.engine;

import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;

/**
 * Whether a call without an answer may be sent again within its attempt, since the server certainly did not process it. Used by one thread
 * at a time.
 */
final class Resends {
    private static final int MOST = 3;

    private int count;
    private boolean wasStale;
    private boolean isFresh;

    /**
     * Returns whether a call may be sent again at once: the server did not process it; or the connection, which had been used before, was
     * closed while the call was sent, and the call may be made twice.
     */
    boolean mayFollow(OutgoingException failure, boolean wasUsed, boolean isRepeatable) {
        boolean isUnprocessed = failure.kind() == Kind.UNPROCESSED && count < MOST;
        boolean isStale = failure.kind() == Kind.LOST
                && failure.resetCode() == OutgoingException.NO_RESET
                && wasUsed
                && !wasStale
                && isRepeatable;
        wasStale |= isStale;
        // A server that ends has closed all of its connections, and some of them may not be known yet.
        isFresh = isStale || count > 0;
        return isUnprocessed || isStale;
    }

    /** The call is sent again. */
    void again() {
        count++;
    }

    /** Returns how often it was. */
    int count() {
        return count;
    }

    /** Returns whether the next connection must be one that has carried no call. */
    boolean isFresh() {
        return isFresh;
    }
}
