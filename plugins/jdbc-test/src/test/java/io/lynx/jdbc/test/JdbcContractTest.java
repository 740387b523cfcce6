package io.lynx.jdbc.test;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.SystemPluginContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract of plugins for external systems, kept by the plugin for databases in front of PostgreSQL. */
class JdbcContractTest extends SystemPluginContract {
    private static final String USER = "contract";
    private static final String FIRST = "first-of-contract";
    private static final String SECOND = "second-of-contract";

    private static final String SECURE = "secure";

    private static PostgresServer server;
    private static LoopbackCertificate certificate;

    /** Looks at the server while a call runs: a connection for each look could miss the call. */
    private @Nullable Connection observer;

    @BeforeAll
    static void createServer(@TempDir Path folder) throws Exception {
        certificate = LoopbackCertificate.make(folder);
        server = PostgresServer.create();
        server.start();
        server.execute(
                "CREATE ROLE " + USER + " LOGIN PASSWORD '" + FIRST + "'",
                "CREATE TABLE item (id INT PRIMARY KEY)",
                "INSERT INTO item VALUES (1)",
                "GRANT ALL ON item TO " + USER,
                "CREATE DATABASE " + SECURE + " TEMPLATE postgres");
    }

    @AfterAll
    static void closeServer() throws Exception {
        server.close();
    }

    @AfterEach
    void closeObserver() throws SQLException {
        if (observer != null) {
            observer.close();
        }
    }

    @Override
    protected ExternalServer server() {
        return server;
    }

    @Override
    protected String family() {
        return "jdbc";
    }

    @Override
    protected Plugin plugin(String name) {
        return new JdbcPlugin(name);
    }

    @Override
    protected Map<String, String> configuration() {
        return Map.of(
                "url", server.url(),
                "user", USER,
                "password", FIRST,
                "pool_size", "4",
                "max_wait", "30s",
                "connect_timeout", "2s",
                "health_timeout", "1s");
    }

    @Override
    protected LoopbackCertificate certificate() {
        return certificate;
    }

    @Override
    protected Map<String, String> tlsConfiguration() throws Exception {
        server.enableTls(certificate, SECURE);
        return Map.of("url", "jdbc:postgresql://localhost:" + server.port() + "/" + SECURE);
    }

    @Override
    protected Map<String, String> spanAttributes() {
        return Map.of(
                "db.system.name", "postgresql",
                "db.namespace", "postgres",
                "db.query.summary", "SELECT item",
                "server.address", "127.0.0.1",
                "server.port", Integer.toString(server.port()));
    }

    @Override
    protected Map<String, String> wrongCredentials() {
        return Map.of("password", "a-wrong-password");
    }

    @Override
    protected Map<String, String> rotateCredentials() throws SQLException {
        server.execute("ALTER ROLE " + USER + " PASSWORD '" + SECOND + "'");
        return Map.of("password", SECOND);
    }

    @Override
    protected void restoreCredentials() throws SQLException {
        server.execute("ALTER ROLE " + USER + " PASSWORD '" + FIRST + "'");
    }

    private static void execute(LynxTest lynx, String name, String sql) throws SQLException {
        try (Connection connection = lynx.resource(JdbcPlugin.key(name)).getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            boolean _ = statement.execute();
        }
    }

    @Override
    protected void call(LynxTest lynx, String name) throws SQLException {
        execute(lynx, name, "SELECT id FROM item");
    }

    @Override
    protected void rejectedCall(LynxTest lynx, String name) throws SQLException {
        execute(lynx, name, "INSERT INTO item VALUES (1)");
    }

    @Override
    protected void slowCall(LynxTest lynx, String name, Duration duration) throws SQLException {
        execute(lynx, name, "SELECT pg_sleep(" + duration.toMillis() / 1000.0 + ")");
    }

    @Override
    protected int slowCallsAtServer() throws SQLException {
        Connection present = observer;
        if (present == null) {
            present = server.connect();
            observer = present;
        }
        try (PreparedStatement statement =
                        present.prepareStatement("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + USER
                                + "' AND state = 'active' AND query LIKE 'SELECT pg_sleep%'");
                ResultSet count = statement.executeQuery()) {
            boolean _ = count.next();
            return count.getInt(1);
        }
    }

    @Override
    protected String callMetric() {
        return "lynx_db_queries_total";
    }
}
