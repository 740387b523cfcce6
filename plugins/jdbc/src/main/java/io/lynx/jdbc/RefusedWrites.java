package io.lynx.jdbc;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Why the database refused a write since the last health check, although it answers: it only reads, or its disk is full. Thread-safe. */
final class RefusedWrites {
    private final AtomicReference<@Nullable String> last = new AtomicReference<>();

    /** Keeps a failure if it is such a refusal. */
    void note(SQLException failure) {
        if (SqlFailures.isRefusedWrite(failure)) {
            last.set(failure.getMessage());
        }
    }

    /** Returns the most recent refusal, and forgets it; null if there is none. */
    @Nullable
    String take() {
        return last.getAndSet(null);
    }
}
