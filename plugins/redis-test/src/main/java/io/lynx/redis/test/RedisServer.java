package io.lynx.redis.test;

import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.ServerProcess;
import io.lynx.testkit.StablePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * A Redis with a folder of its own on a free port, which a test starts, kills and freezes. It keeps its users and loses its data when it
 * is killed. Used by one thread.
 */
public final class RedisServer implements ExternalServer, AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String PROPERTY = "lynx.test.redis";

    private final Path program;
    private final Path folder;
    private final int port;
    private final List<String> options;
    private final Map<String, String> environment;
    private final ServerProcess process;

    private RedisServer(Path program, Path folder, int port, List<String> options, Map<String, String> environment) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.options = options;
        this.environment = environment;
        this.process = new ServerProcess(folder);
    }

    /**
     * Makes a folder and chooses a free port, without starting a server.
     *
     * @param options of the program, such as {@code --replicaof}
     * @throws IllegalStateException if Redis is not installed; the message names the package
     */
    public static RedisServer create(String... options) throws IOException {
        return create(Map.of(), options);
    }

    /** Makes one with further variables of its environment. */
    static RedisServer create(Map<String, String> environment, String... options) throws IOException {
        Path program = find();
        Path folder = Files.createTempDirectory("lynx-redis-");
        Files.writeString(folder.resolve("users.acl"), "user default on nopass ~* &* +@all\n");
        return new RedisServer(program, folder, StablePort.find(), List.of(options), environment);
    }

    private static Path find() {
        List<Path> candidates = new ArrayList<>();
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            candidates.add(Path.of(chosen));
        }
        Stream.of("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")
                .flatMap(each -> Stream.of(each + "/redis-server", each + "/valkey-server"))
                .map(Path::of)
                .forEach(candidates::add);
        return candidates.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis is not installed: none of " + candidates
                        + "; install it (on Debian: apt-get install redis-server), or set -D" + PROPERTY
                        + " to its program"));
    }

    /** Returns the address, which stays the same, such as {@code 127.0.0.1:40123}. */
    public String address() {
        return HOST + ":" + port;
    }

    /** Returns the port, which stays the same. */
    public int port() {
        return port;
    }

    /** Sends a command as the administrator, on a connection of its own, and returns the answer as Jedis does. */
    public @Nullable Object command(String command, String... arguments) {
        byte[] name = command.getBytes(StandardCharsets.US_ASCII);
        try (Connection connection = new Connection(new HostAndPort(HOST, port))) {
            ProtocolCommand raw = () -> name;
            return connection.executeCommand(new CommandArguments(raw).addObjects((Object[]) arguments));
        }
    }

    /** Returns the keys that fit a pattern. */
    List<String> keys(String pattern) {
        List<String> keys = new ArrayList<>();
        if (command("KEYS", pattern) instanceof List<?> found) {
            found.forEach(key -> keys.add(SafeEncoder.encode((byte[]) key)));
        }
        return keys;
    }

    /** Returns the number of a line of {@code INFO}, such as {@code blocked_clients}; 0 if there is none. */
    public int info(String name) {
        if (!(command("INFO") instanceof byte[] text)) {
            return 0;
        }
        return Arrays.stream(SafeEncoder.encode(text).split("\r\n"))
                .filter(line -> line.startsWith(name + ":"))
                .mapToInt(line -> Integer.parseInt(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void start() throws IOException {
        if (process.isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                HOST,
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                folder.toString(),
                "--aclfile",
                folder.resolve("users.acl").toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        process.start(builder, () -> {
            Object _ = command("PING");
        });
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
    public void dropConnections() {
        for (String type : List.of("normal", "pubsub")) {
            try {
                Object _ = command("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes");
            } catch (JedisDataException noClient) {
                // There is none of that type.
            }
        }
    }

    /** Stops the server and deletes its folder. */
    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
