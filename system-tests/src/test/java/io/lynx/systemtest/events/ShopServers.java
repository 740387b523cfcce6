package io.lynx.systemtest.events;

import io.lynx.systemtest.house.ProjectFiles;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The servers of {@code ./build services}. A test stops one by force and starts it again with its data and the same command. Used by one
 * thread.
 */
final class ShopServers implements AutoCloseable {
    static final String POSTGRES = "postgres";
    static final String KAFKA = "kafka";

    private static final Pattern SERVER = Pattern.compile("(?m)^(\\w+) .*, pid (\\d+)$");

    private final ServiceProcess services;
    private final Path folder;
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, String> variables;

    private static final class Server {
        private final List<String> command;
        private final Path directory;
        private final ProcessHandle first;
        private @Nullable Process again;

        Server(long pid) throws IOException {
            Path process = Path.of("/proc", Long.toString(pid));
            this.command = List.of(Files.readString(process.resolve("cmdline")).split("\0"));
            this.directory = process.resolve("cwd").toRealPath();
            this.first = ProcessHandle.of(pid).orElseThrow();
        }

        ProcessHandle handle() {
            Process present = again;
            return present == null ? first : present.toHandle();
        }
    }

    private ShopServers(ServiceProcess services, Path folder) throws IOException {
        this.services = services;
        this.folder = folder;
        for (var found : SERVER.matcher(services.output().text()).results().toList()) {
            servers.put(found.group(1), new Server(Long.parseLong(found.group(2))));
        }
        this.variables = Files.readAllLines(folder.resolve("env")).stream()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /** Starts them, with their files in that folder, and waits until they are ready. */
    static ShopServers start(Path folder) throws Exception {
        ServiceProcess services = Launch.program(
                Files.createDirectories(folder.resolve("work")),
                Map.of("PATH", System.getenv("PATH"), "JAVA_HOME", System.getProperty("java.home")),
                "setsid",
                ProjectFiles.ROOT.resolve("build").toString(),
                "services",
                "--folder",
                folder.toString());
        try {
            var _ = services.awaitLine("Ctrl-C");
            return new ShopServers(services, folder);
        } catch (Exception | AssertionError failure) {
            services.close();
            throw failure;
        }
    }

    /** Returns the variables by which the services find them. */
    Map<String, String> variables() {
        return variables;
    }

    /** Connects to the database of a service: {@code orders} or {@code worker}. */
    Connection connect(String service) throws SQLException {
        String prefix = service.equals("orders") ? "LYNX_JDBC_ORDERS_" : "LYNX_JDBC_WORKER_";
        return DriverManager.getConnection(
                variables.get(prefix + "URL"), variables.get(prefix + "USER"), variables.get(prefix + "PASSWORD"));
    }

    /** Ends a server without any warning to its clients. */
    void stop(String name) throws Exception {
        ProcessHandle server = server(name).handle();
        // PostgreSQL ends its back ends itself, by a signal that does not let them finish anything.
        Signal signal = name.equals(POSTGRES) ? Signal.QUIT : Signal.KILL;
        boolean _ = signal.sendTo(server.pid());
        ProcessHandle _ = server.onExit().get(1, TimeUnit.MINUTES);
    }

    /** Starts a server that was stopped, on its port and with its data. */
    void start(String name, int round) throws IOException {
        Server server = server(name);
        List<String> command = new ArrayList<>();
        if (name.equals(POSTGRES) && "root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.addAll(server.command);
        server.again = new ProcessBuilder(command)
                .directory(server.directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + "-" + round + ".log").toFile())
                .start();
    }

    private Server server(String name) {
        return Objects.requireNonNull(servers.get(name), name);
    }

    /** Ends all of them, and removes their data. */
    @Override
    public void close() throws InterruptedException {
        for (String name : servers.keySet()) {
            Process again = server(name).again;
            if (again != null) {
                boolean _ = (name.equals(POSTGRES) ? Signal.QUIT : Signal.KILL).sendTo(again.pid());
                boolean _ = again.waitFor(1, TimeUnit.MINUTES);
            }
        }
        if (services.isAlive()) {
            services.signalGroup(Signal.INT);
            boolean _ = services.hasExited(Duration.ofMinutes(1));
        }
        services.close();
    }
}
