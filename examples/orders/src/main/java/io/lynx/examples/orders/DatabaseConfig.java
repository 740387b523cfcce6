package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.time.Duration;

/** The section {@code orders.database}. */
record DatabaseConfig(
        @Doc("JDBC URL; the default is in memory, jdbc:h2:file:./orders survives a restart.")
        @Default("jdbc:h2:mem:orders")
        String url,

        @Doc("Database user.") @Default("sa") String user,
        @Doc("Password of the user.") @Default("") @Secret String password,

        @Doc("Maximum number of connections.") @Default("10") @Range(min = "1", max = "100")
        int poolSize,

        @Doc("Time limit for getting a connection.") @Default("2s") @Range(min = "250ms", max = "30s")
        Duration connectionTimeout,

        @Doc("Time limit of the health check.") @Default("1s") @Range(min = "250ms", max = "30s")
        Duration validationTimeout,

        @Doc("Time limit of a statement.") @Default("5s") @Range(min = "1s", max = "5m")
        Duration queryTimeout) {}
