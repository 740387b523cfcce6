package io.lynx.jdbc;

import io.lynx.leadership.FencingToken;
import java.sql.SQLException;

/**
 * A protected write was refused, since a later term of its leadership has begun: another instance is the leader, or this one is in a later
 * term. The transaction must be rolled back. Immutable.
 */
public final class StaleTokenException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient FencingToken token;

    StaleTokenException(FencingToken token, long present) {
        super("leadership '" + token.leadership() + "': the write with token " + token.value()
                + " is refused, since there is a later leader with token " + present);
        this.token = token;
    }

    /** Returns the token of the term that is over. */
    public FencingToken token() {
        return token;
    }
}
