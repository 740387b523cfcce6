package io.lynx.examples.orders;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.http.HttpServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The plugin of the guide to databases. */
// snippet: database-plugin
final class NotesPlugin implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("notes")
                .requires("http")
                .config("notes", NotesConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws SQLException {
        HikariDataSource pool = context.own(open(context.config(NotesConfig.class)));
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS note (id IDENTITY PRIMARY KEY, text VARCHAR(1000))");
        }
        context.healthCheck("notes.database", HealthCheckOptions.defaults(), () -> check(pool));
        NoteRoutes routes = new NoteRoutes(pool);
        context.resource(HttpServer.ROUTES).add(context, routes::add);
    }

    private static HikariDataSource open(NotesConfig config) {
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.user());
        pool.setPassword(config.password());
        pool.setMaximumPoolSize(config.poolSize());
        pool.setConnectionTimeout(config.connectionTimeout().toMillis());
        return new HikariDataSource(pool);
    }

    private static Health check(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(1) ? Health.up() : Health.down("no answer within 1s");
        }
    }
}
// end
