package io.lynx.jdbc.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

@WithPostgres("orders")
class WithPostgresTest {
    @Test
    void configuresTheDatabaseOfAnApplication(Postgres postgres) throws SQLException {
        try (LynxTest lynx = LynxTest.application(
                        app -> app.discoverPlugins(false).plugin(new JdbcPlugin("orders")))
                .with("lynx.application.name", "test")
                .with("lynx.application.version", "1")
                .start()) {
            try (Connection connection = lynx.resource(JdbcPlugin.key("orders")).getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet schema = statement.executeQuery("SELECT current_schema()")) {
                assertThat(schema.next()).isTrue();
                assertThat(schema.getString(1)).isEqualTo(postgres.schema());
            }
        }
    }

    @Test
    void aSchemaIsEmptyAndDeletedAtTheEnd() throws SQLException {
        String schema;
        try (Postgres own = Postgres.schemaFor(getClass());
                Connection connection = own.connect();
                Statement statement = connection.createStatement()) {
            schema = own.schema();
            boolean _ = statement.execute("CREATE TABLE t (id INT)");
        }

        assertThat(Postgres.server()
                        .count("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '" + schema + "'"))
                .isZero();
    }
}
