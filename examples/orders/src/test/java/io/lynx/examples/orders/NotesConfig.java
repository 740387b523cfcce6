package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import java.time.Duration;

/** The configuration of the guide to databases. */
// snippet: database-config
record NotesConfig(
        @Doc("JDBC URL. H2 must not close at the first signal, while requests are still served.")
        @Default("jdbc:h2:mem:notes;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE")
        String url,

        @Doc("Database user.") @Default("sa") String user,
        @Doc("Password of the user.") @Default("") @Secret String password,

        @Doc("Maximum number of connections.") @Default("10") @Range(min = "1", max = "100")
        int poolSize,

        @Doc("Time limit for getting a connection.") @Default("2s") @Range(min = "250ms", max = "30s")
        Duration connectionTimeout) {}
// end
