package com.example.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.test.WithPostgres;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Starts the service on a schema of its own in a PostgreSQL, which the tests start. It must be installed. */
@WithPostgres
@ExtendWith(LynxExtension.class)
class DatabaseTest {
    private static final LynxTest lynx = LynxTest.application(Main::plugins)
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void usesTheDatabase() throws SQLException {
        try (Connection connection = lynx.resource(JdbcPlugin.key()).getConnection()) {
            assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("PostgreSQL");
        }
    }
}
