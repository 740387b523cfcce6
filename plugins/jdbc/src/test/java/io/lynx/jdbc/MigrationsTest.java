package io.lynx.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.StartException;
import io.lynx.testkit.LynxTest;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void theDatabaseIsMigratedBeforeItsFirstUse() throws SQLException {
        try (LynxTest lynx = TestDatabase.start()) {
            assertThat(TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aBrokenScriptEndsTheStartAndIsNamedWithItsLine() {
        assertThatThrownBy(() -> TestDatabase.start("migrations.locations=classpath:db/broken"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("migration")
                .hasMessageContaining("V1__broken.sql, line 3: ")
                .hasMessageContaining("correct the script");
    }

    @Test
    void migrationsCanBeSwitchedOff() {
        try (LynxTest lynx = TestDatabase.start("migrations.enabled=false")) {
            assertThatThrownBy(() -> TestDatabase.count(TestDatabase.of(lynx), "SELECT count(*) FROM item"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
