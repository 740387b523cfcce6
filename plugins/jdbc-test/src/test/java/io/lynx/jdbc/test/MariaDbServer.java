package io.lynx.jdbc.test;

import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ServerProcess;
import io.lynx.testkit.StablePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A MariaDB with a data directory of its own on a free port. Used by one thread, but for {@link #count}. */
final class MariaDbServer implements ExternalServer, AutoCloseable {
    static final String USER = "lynx";
    static final String PASSWORD = "password-of-tests";

    private final Path folder;
    private final int port;
    private final LoopbackCertificate certificate;
    private final ServerProcess process;

    private MariaDbServer(Path folder, int port, LoopbackCertificate certificate) {
        this.folder = folder;
        this.port = port;
        this.certificate = certificate;
        this.process = new ServerProcess(folder);
    }

    /** Makes a data directory with a database {@code test}, and starts a server on it. */
    static MariaDbServer started(LoopbackCertificate certificate) throws Exception {
        Path folder = Files.createTempDirectory("lynx-mariadb-");
        MariaDbServer server = new MariaDbServer(folder, StablePort.find(), certificate);
        List<String> install = new ArrayList<>(List.of(
                find("mariadb-install-db").toString(),
                "--no-defaults",
                "--datadir=" + folder.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db"));
        install.addAll(user());
        Process made = new ProcessBuilder(install)
                .redirectErrorStream(true)
                .redirectOutput(server.process.log().toFile())
                .start();
        if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(server.process.log()));
        }
        server.start();
        server.execute(
                "CREATE DATABASE test",
                "CREATE USER " + USER + " IDENTIFIED BY '" + PASSWORD + "'",
                "GRANT ALL ON test.* TO " + USER);
        return server;
    }

    private static Path find(String program) {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin")
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("MariaDB is not installed: no program " + program
                        + "; install it (on Debian: apt-get install mariadb-server)"));
    }

    private static List<String> user() {
        return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
    }

    @Override
    public void start() throws IOException {
        if (process.isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                find("mariadbd").toString(),
                "--no-defaults",
                "--datadir=" + folder.resolve("data"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("socket"),
                "--innodb-flush-log-at-trx-commit=0",
                "--ssl-cert=" + certificate.certificate(),
                "--ssl-key=" + certificate.key()));
        command.addAll(user());
        process.start(new ProcessBuilder(command), () -> connect().close());
    }

    /** Opens a connection of the administrator. */
    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/?sslMode=disable", "root", "");
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        }
    }

    /** Returns the number that a query of the administrator finds. */
    int count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(query)) {
            boolean _ = count.next();
            return count.getInt(1);
        }
    }

    /** Returns the URL of the database {@code test}. */
    String url() {
        return "jdbc:mariadb://localhost:" + port + "/test";
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
        execute("KILL CONNECTION USER " + USER);
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
