package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.time.Duration;

/** The section {@code orders.database}. */
record DatabaseConfig(
        @Doc("JDBC URL; the default lives in memory, jdbc:h2:file:./orders survives a restart.")
        @Default("jdbc:h2:mem:orders")
        String url,

        @Doc("Database user.") @Default("sa") String user,
        @Doc("Its password.") @Default("") @Secret String password,

        @Doc("Connections kept open.") @Default("10") @Range(min = "1", max = "100")
        int poolSize,

        @Doc("How long a request waits for a connection.") @Default("2s") @Range(min = "250ms", max = "30s")
        Duration connectionTimeout,

        @Doc("How long the health check waits for an answer.") @Default("1s") @Range(min = "250ms", max = "30s")
        Duration validationTimeout,

        @Doc("How long a statement may run.") @Default("5s") @Range(min = "1s", max = "5m")
        Duration queryTimeout) {}
