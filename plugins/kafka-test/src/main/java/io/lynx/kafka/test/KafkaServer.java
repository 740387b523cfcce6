package io.lynx.kafka.test;

import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A Kafka of one broker with a folder of its own on free ports, which a test starts, kills and freezes. It keeps its topics and users when
 * it is killed. Used by one thread.
 */
public final class KafkaServer implements ExternalServer, AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Path folder;
    private final String classPath;
    private final ServerArchive archive;
    private final ServerPorts ports;
    private final ServerProcess process;

    private KafkaServer(Path folder, String classPath, ServerPorts ports) {
        this.folder = folder;
        this.classPath = classPath;
        this.archive = new ServerArchive(classPath, folder);
        this.ports = ports;
        this.process = new ServerProcess(folder);
    }

    /**
     * Makes a folder and chooses free ports, without starting a broker.
     *
     * @throws IllegalStateException if the broker is not on the class path; the message names the artifact
     */
    public static KafkaServer create() throws IOException {
        return create(ServerPorts.plain(), Map.of());
    }

    /** Makes one with properties of the broker, which take the place of the usual ones. */
    static KafkaServer create(Map<String, String> properties) throws IOException {
        return create(ServerPorts.plain(), properties);
    }

    /**
     * Makes a Kafka that also has a port for users with a password (SCRAM-SHA-512), see {@link #setPassword}, and one for TLS that requires
     * a certificate of its clients. The connections of users can be ended without a restart.
     *
     * @param certificate of the broker, and the authority of its clients
     */
    public static KafkaServer createSecured(LoopbackCertificate certificate) throws IOException {
        return create(ServerPorts.secured(certificate), Map.of());
    }

    private static KafkaServer create(ServerPorts ports, Map<String, String> others) throws IOException {
        String classPath = ServerClassPath.find();
        Path folder = Files.createTempDirectory("lynx-kafka-");
        Path data = Files.createDirectory(folder.resolve("data"));
        format(data);
        Properties properties = ports.properties(data);
        properties.putAll(others);
        try (var file = Files.newBufferedWriter(folder.resolve("server.properties"))) {
            properties.store(file, null);
        }
        Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                    <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d %level %logger{20} %msg%n</pattern></encoder>
                    </appender>
                    <root level="warn"><appender-ref ref="out"/></root>
                </configuration>
                """);
        return new KafkaServer(folder, classPath, ports);
    }

    /** Makes a folder one in which a broker keeps its data. */
    static void format(Path data) throws IOException {
        Path _ = Files.writeString(
                data.resolve("meta.properties"), "cluster.id=bHlueC1rYWZrYS10ZXN0cw\nnode.id=1\nversion=1\n");
    }

    /** Returns the address, which stays the same, such as {@code 127.0.0.1:40123}. */
    public String address() {
        return HOST + ":" + ports.plainPort();
    }

    /** Returns the address for users with a password. */
    public String userAddress() {
        return HOST + ":" + ports.userPort();
    }

    /** Returns the address for TLS. */
    public String tlsAddress() {
        return "localhost:" + ports.tlsPort();
    }

    /** Returns a client with all rights. */
    Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                address(),
                "default.api.timeout.ms",
                60_000,
                "metadata.recovery.strategy",
                "none"));
    }

    /** Sets the password of a user, whom it creates if need be. */
    public void setPassword(String user, String password) {
        ServerState.setPassword(this, user, password);
    }

    /** Creates a topic. */
    public void createTopic(String topic, int partitions) {
        ServerState.createTopic(this, topic, partitions, Map.of());
    }

    /** Creates a topic with properties, such as {@code max.message.bytes}. */
    public void createTopic(String topic, int partitions, Map<String, String> properties) {
        ServerState.createTopic(this, topic, partitions, properties);
    }

    /** Returns all records that a topic has now, partition after partition. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return ServerState.records(this, topic);
    }

    /** Returns how many records of a topic a group has committed. */
    public long committed(String group, String topic) {
        return ServerState.committed(this, group, topic);
    }

    @Override
    public void start() throws IOException {
        if (process.isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(archive.options());
        command.addAll(List.of(
                "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                "-cp",
                classPath,
                "kafka.Kafka",
                folder.resolve("server.properties").toString()));
        try (Admin admin = admin()) {
            process.start(new ProcessBuilder(command), () -> {
                var _ = admin.describeCluster().nodes().get(5, TimeUnit.SECONDS);
            });
        }
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

    /** Ends the connections of users with a password; those of other clients only a restart ends. */
    @Override
    public void dropConnections() throws IOException, InterruptedException {
        if (!ports.dropConnections()) {
            kill();
            start();
        }
    }

    /** Stops the broker and deletes its folder. */
    @Override
    public void close() throws InterruptedException {
        if (process.isRunning() && archive.isMissing()) {
            process.terminate();
            archive.keep();
        }
        ports.close();
        process.close();
    }
}
