package io.lynx.jdbc.test;

import io.lynx.testkit.Await;
import io.lynx.testkit.ExternalServer;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server with a data directory of its own on a free port, which a test starts, kills and freezes. PostgreSQL refuses to run
 * as root: the server then runs as the user {@code postgres}, which its package creates. Used by one thread.
 */
public final class PostgresServer implements ExternalServer, AutoCloseable {
    /** The administrator of the server. */
    public static final String USER = "postgres";

    /** The administrator's password. */
    public static final String PASSWORD = "postgres-of-tests";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresPrograms programs;
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private PostgresServer(PostgresPrograms programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
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
        PostgresPrograms programs = PostgresPrograms.find();
        Path folder = Files.createTempDirectory("lynx-postgres-");
        if (programs.needsOtherUser()) {
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
        Process running = process;
        if (running != null && running.isAlive()) {
            return;
        }
        Files.deleteIfExists(folder.resolve("data").resolve("postmaster.pid"));
        process = programs.start(
                folder,
                "postgres",
                "-D",
                folder.resolve("data").toString(),
                "-p",
                Integer.toString(port),
                "-h",
                "127.0.0.1",
                "-k",
                folder.toString(),
                "-F",
                "-c",
                "max_connections=200");
        try {
            Await.asserted(
                    "PostgreSQL accepts connections", PATIENCE, () -> connect().close());
        } catch (AssertionError failure) {
            throw new AssertionError(
                    failure.getMessage() + ": " + Files.readString(folder.resolve("server.log")), failure);
        }
    }

    /** Returns the server and its back ends. */
    private List<ProcessHandle> processes() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return List.of();
        }
        List<ProcessHandle> all = new ArrayList<>(List.of(running.toHandle()));
        all.addAll(running.descendants().toList());
        return all;
    }

    @Override
    public void kill() throws InterruptedException {
        List<ProcessHandle> all = processes();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            Await.until("process " + each.pid() + " has ended", PATIENCE, () -> !each.isAlive());
        }
    }

    @Override
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    @Override
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes().forEach(each -> command.add(Long.toString(each.pid())));
        if (command.size() > 2) {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean _ = kill.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Override
    public void dropConnections() throws SQLException {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() throws InterruptedException {
        kill();
        delete(folder);
    }

    private static void delete(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException busy) {
            // The system deletes its temporary files.
        }
    }
}
