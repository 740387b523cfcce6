package io.lynx.systemtest.database;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.Folders;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server with a data directory of its own on a free port. PostgreSQL refuses to run as root: the server then runs as the
 * user {@code postgres}, which its package creates.
 */
final class PostgresServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "postgres";

    private final Process process;
    private final Path folder;
    private final int port;

    private PostgresServer(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** Makes a data directory, starts the server and waits until it accepts connections. */
    static PostgresServer start() throws IOException, InterruptedException {
        Path programs = programs();
        Path folder = Files.createTempDirectory("lynx-postgres-");
        if (isRoot()) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        Path data = folder.resolve("data");
        Command.Result made = Command.run(
                folder,
                PATIENCE,
                command(programs, "initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "--no-sync"));
        if (!made.isSuccess()) {
            throw new AssertionError("initdb: " + made.output());
        }
        int port = FreePort.find();
        Process process = new ProcessBuilder(command(
                        programs,
                        "postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        "" + port,
                        "-h",
                        "127.0.0.1",
                        "-k",
                        data.toString(),
                        "-F"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        PostgresServer server = new PostgresServer(process, folder, port);
        server.awaitConnections();
        return server;
    }

    /** Debian keeps the server's programs in a folder of the version. */
    private static Path programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> all = Files.list(versions)) {
                return all.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                        .findFirst()
                        .orElseThrow(PostgresServer::missing);
            }
        }
        throw missing();
    }

    private static AssertionError missing() {
        return DebianPackages.unavailable(
                "postgres: not in /usr/lib/postgresql; install the Debian package postgresql, or run without these"
                        + " tests: -D"
                        + DebianPackages.OFFLINE + "=true");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> command(Path programs, String program, String... arguments) {
        Stream<String> as =
                isRoot() ? Stream.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups") : Stream.of();
        return Stream.of(as, Stream.of(programs.resolve(program).toString()), Stream.of(arguments))
                .flatMap(part -> part)
                .toList();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
    }

    private void awaitConnections() throws IOException, InterruptedException {
        try {
            Await.asserted("PostgreSQL accepts connections", PATIENCE, () -> DriverManager.getConnection(url())
                    .close());
        } catch (AssertionError failure) {
            String log = Files.readString(folder.resolve("server.log"));
            close();
            throw new AssertionError(failure.getMessage() + ": " + log, failure);
        }
    }

    /** Returns the back ends of clients other than the connection that asks. */
    int backEnds(Connection asking) throws SQLException {
        try (Statement statement = asking.createStatement();
                ResultSet count = statement.executeQuery("select count(*) from pg_stat_activity "
                        + "where backend_type = 'client backend' and pid <> pg_backend_pid()")) {
            boolean _ = count.next();
            return count.getInt(1);
        }
    }

    /** Ends the back ends of all other clients. */
    void endBackEnds(Connection asking) throws SQLException {
        try (Statement statement = asking.createStatement()) {
            boolean _ = statement.execute("select pg_terminate_backend(pid) from pg_stat_activity "
                    + "where backend_type = 'client backend' and pid <> pg_backend_pid()");
        }
        Await.until("the back ends have ended", PATIENCE, () -> backEnds(asking) == 0);
    }

    @Override
    public void close() throws InterruptedException {
        // Other than by TERM, it does not wait for the queries of its clients.
        boolean _ = Signal.INT.sendTo(process.pid());
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            List<ProcessHandle> backEnds = process.descendants().toList();
            process.destroyForcibly();
            backEnds.forEach(ProcessHandle::destroyForcibly);
        }
        Folders.delete(folder);
    }
}
