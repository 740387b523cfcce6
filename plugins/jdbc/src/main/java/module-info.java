/** Databases by JDBC: connection pools, measured statements, transactions and migrations. */
@org.jspecify.annotations.NullMarked
module io.lynx.jdbc {
    requires transitive io.lynx.core;
    requires transitive java.sql;
    requires static com.google.errorprone.annotations;
    requires static flyway.core;
    requires com.zaxxer.hikari;

    uses java.sql.Driver;

    exports io.lynx.jdbc;
    exports io.lynx.jdbc.outbox;

    provides io.lynx.plugin.PluginFamily with
            io.lynx.jdbc.JdbcFamily,
            io.lynx.jdbc.outbox.InboxFamily,
            io.lynx.jdbc.outbox.OutboxFamily;
}
