package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFailuresTest {
    @ParameterizedTest
    @CsvSource({
        "08006, true, true, unavailable",
        "53000, true, true, unavailable",
        "53300, true, true, unavailable",
        "53100, false, true, unavailable",
        "53200, false, true, other",
        "53400, false, false, other",
        "57P03, true, true, unavailable",
        "25006, false, false, read_only",
        "42P01, false, false, other"
    })
    void distinguishesOutagesFromLimits(String state, boolean isOutage, boolean isExternal, String label) {
        SQLException failure = new SQLException("refused", state);

        assertThat(SqlFailures.isOutage(failure)).isEqualTo(isOutage);
        assertThat(Classification.isExternal(failure)).isEqualTo(isExternal);
        assertThat(SqlFailures.label(failure)).isEqualTo(label);
    }

    /** The driver of MariaDB makes the exception of a connection out of what triggers and procedures signal. */
    @ParameterizedTest
    @CsvSource({
        "45000, false, false, other",
        "02000, false, false, other",
        "3D000, false, false, other",
        "08006, true, true, unavailable",
        ", true, true, unavailable"
    })
    void theStateOfAnAnswerOutweighsTheTypeOfAConnection(
            String state, boolean isOutage, boolean isExternal, String label) {
        SQLException failure = new SQLTransientConnectionException("refused", state);

        assertThat(SqlFailures.isOutage(failure)).isEqualTo(isOutage);
        assertThat(Classification.isExternal(failure)).isEqualTo(isExternal);
        assertThat(SqlFailures.label(failure)).isEqualTo(label);
    }

    @Test
    void aPoolThatCannotConnectIsAnOutageWhateverTheServerAnswered() {
        SQLException answer = new SQLException("no such database", "3D000");
        SQLException failure = new SQLTransientConnectionException("no connection", "3D000", answer);

        assertThat(SqlFailures.isOutage(failure)).isTrue();
        assertThat(SqlFailures.isOutage(new SQLTransientException("again", "XX000")))
                .isTrue();
        assertThat(SqlFailures.isOutage(answer)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1290, The MariaDB server is running with the --read-only option so it cannot execute this statement, read_only",
        "1290, The MySQL server is running with the --super-read-only option so it cannot execute this statement, read_only",
        "1290, The MariaDB server is running with the --secure-file-priv option so it cannot execute this statement, other",
        "1836, Running in read-only mode, read_only",
        "1021, Disk full (/tmp/a); waiting for someone to free some space..., unavailable",
        "1114, The table 'item' is full, unavailable",
        "3, Error writing file '/tmp/a' (Errcode: 28 \"No space left on device\"), unavailable",
        "1030, Got error 28 \"No space left on device\" from storage engine Aria, unavailable",
        "1030, Got error 128 \"Out of memory in engine\" from storage engine Aria, other",
        "1020, Record has changed since last read in table 'stock', conflict",
        "1105, Unknown error, other"
    })
    void readsTheErrorCodesOfMariaDbThatHaveNoState(int code, String message, String label) {
        SQLException failure = new SQLException(message, "HY000", code);

        assertThat(SqlFailures.label(failure)).isEqualTo(label);
        assertThat(SqlFailures.isOutage(failure)).isFalse();
        assertThat(SqlFailures.isConflict(failure)).isEqualTo(label.equals("conflict"));
        assertThat(SqlFailures.isTemporary(failure)).isEqualTo(label.equals("unavailable"));
        assertThat(Classification.isExternal(MariaDbErrors.explain(failure)))
                .isEqualTo(label.equals("conflict") || label.equals("unavailable"));
    }

    @Test
    void otherDatabasesMayUseTheSameErrorCodes() {
        SQLException failure = new SQLException("no", "S0001", 1020);

        assertThat(SqlFailures.isConflict(failure)).isFalse();
        assertThat((Throwable) MariaDbErrors.explain(failure)).isSameAs(failure);
    }

    @Test
    void aDatabaseThatOnlyReadsNowIsOneForTheCallerAndNotForTheBreaker() {
        SQLException failure = new ReadOnlyDatabaseException(new SQLException("cannot execute INSERT", "25006"));

        assertThat(Classification.isExternal(failure)).isTrue();
        assertThat(SqlFailures.isOutage(failure)).isFalse();
        assertThat(SqlFailures.label(failure)).isEqualTo("read_only");
    }
}
