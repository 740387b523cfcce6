package io.lynx.systemtest.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import io.lynx.http.Request;
import io.lynx.http.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** A service whose route {@code /slow} makes a query of 20 seconds over a pool of connections. */
public final class QueryService {
    private QueryService() {}

    /** Runs it. */
    public static void main(String[] args) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Objects.requireNonNull(System.getProperty("database")));
        config.setMaximumPoolSize(Integer.getInteger("pool", 10));
        HikariDataSource pool = new HikariDataSource(config);
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(
                        http -> http.get("/slow", (request, response) -> query(pool, request, response)))));
    }

    private static void query(HikariDataSource pool, Request request, Response response) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            boolean _ = statement.execute("select pg_sleep(20)");
        }
        response.send(request.path());
    }
}
