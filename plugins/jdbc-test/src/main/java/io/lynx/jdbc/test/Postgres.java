package io.lynx.jdbc.test;

import io.lynx.testkit.SharedServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema of its own on the PostgreSQL server that all tests of this JVM share. The server starts when it is first needed, and stops
 * with the JVM. Immutable and thread-safe.
 */
public final class Postgres implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final SharedServer<PostgresServer> SHARED = new SharedServer<>("PostgreSQL", PostgresServer::create);

    private final PostgresServer server;
    private final String schema;

    private Postgres(PostgresServer server, String schema) {
        this.server = server;
        this.schema = schema;
    }

    /**
     * Creates an empty schema.
     *
     * @param test gives the schema a part of its name
     * @throws IllegalStateException if PostgreSQL is not installed; the message names the package
     */
    public static Postgres schemaFor(Class<?> test) {
        String simple = test.getSimpleName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        String schema = (simple.length() > 40 ? simple.substring(0, 40) : simple) + "_" + NUMBERS.incrementAndGet();
        PostgresServer server = server();
        try {
            server.execute("CREATE SCHEMA " + schema);
        } catch (SQLException failure) {
            throw new IllegalStateException("schema " + schema + " cannot be created", failure);
        }
        return new Postgres(server, schema);
    }

    /** Returns the server that the tests of this JVM share, started. */
    public static PostgresServer server() {
        return SHARED.get();
    }

    /** Returns the name of the schema. */
    public String schema() {
        return schema;
    }

    /** Returns the JDBC URL, whose connections use the schema. */
    public String url() {
        return server.url() + "?currentSchema=" + schema;
    }

    /** Returns the user. */
    public String user() {
        return PostgresServer.USER;
    }

    /** Returns the user's password. */
    public String password() {
        return PostgresServer.PASSWORD;
    }

    /** Opens a connection to the schema. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), password());
    }

    /** Deletes the schema and everything in it. */
    @Override
    public void close() {
        try {
            server.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        } catch (SQLException failure) {
            throw new IllegalStateException("schema " + schema + " cannot be deleted", failure);
        }
    }
}
