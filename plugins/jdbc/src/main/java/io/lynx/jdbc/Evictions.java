package io.lynx.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;

/**
 * Keeps the pool from closing connections that work: by default it takes every statement that exceeded a time, and every feature that a
 * database lacks, for a broken connection, and closes it under the transaction of its holder. Stateless and thread-safe.
 */
final class Evictions implements SQLExceptionOverride {
    Evictions() {}

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        String state = failure.getSQLState();
        boolean isConnection = state != null && state.startsWith("08");
        boolean isHarmless = failure instanceof SQLTimeoutException || "0A000".equals(state);
        return isHarmless && !isConnection ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
    }
}
