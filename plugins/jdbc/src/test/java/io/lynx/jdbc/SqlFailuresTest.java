package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.Classification;
import java.sql.SQLException;
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

    @Test
    void aDatabaseThatOnlyReadsNowIsOneForTheCallerAndNotForTheBreaker() {
        SQLException failure = new ReadOnlyDatabaseException(new SQLException("cannot execute INSERT", "25006"));

        assertThat(Classification.isExternal(failure)).isTrue();
        assertThat(SqlFailures.isOutage(failure)).isFalse();
        assertThat(SqlFailures.label(failure)).isEqualTo("read_only");
    }
}
