package io.lynx.kafka.test;

import static io.lynx.kafka.test.TestApplications.consuming;
import static io.lynx.kafka.test.TestApplications.sender;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.health.CheckReport;
import io.lynx.health.HealthStatus;
import io.lynx.recovery.Classification;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Brokers that have no room or no connections left, and topics that change while a consumer runs: in the long form. */
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
class KafkaLimitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final List<String> handled = new CopyOnWriteArrayList<>();

    private LynxTest.Builder application(KafkaServer server) {
        return consuming(String.class, order -> handled.add(order.value()))
                .with("lynx.kafka.servers", server.address())
                .with("lynx.kafka.request_timeout", "2s")
                .with("lynx.kafka.producer.delivery_timeout", "4s")
                .with("lynx.kafka.producer.max_wait", "2s")
                .with("lynx.kafka.consumers.orders.session_timeout", "6s")
                .with("lynx.kafka.properties.metadata_max_age_ms", "1000")
                .with("lynx.circuit_breaker.breakers.kafka.timeout", "1s")
                .with("lynx.health_check.interval", "500ms")
                .with("lynx.health_check.failure_threshold", "1");
    }

    private static CheckReport check(LynxTest lynx) {
        return lynx.application().health().snapshot().check("kafka").orElseThrow();
    }

    private static void awaitHealth(LynxTest lynx, HealthStatus status) {
        Await.until("kafka is " + status, PATIENCE, () -> check(lynx).status() == status);
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /** A broker whose only disk is full ends; only root can make a small disk. */
    @Test
    void aFullDiskIsAnOutageThatLosesNothing() throws Exception {
        Path disk = Files.createTempDirectory("lynx-disk-");
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString()), "needs root for a small disk");
        Path metadata = Files.createTempDirectory("lynx-metadata-");
        try (KafkaServer server =
                KafkaServer.create(Map.of("log.dirs", disk.toString(), "metadata.log.dir", metadata.toString()))) {
            KafkaServer.format(disk);
            KafkaServer.format(metadata);
            server.start();
            server.createTopic("filling", 1);
            try (LynxTest lynx = application(server).start()) {
                var _ = sender(lynx).send("orders", "k", "before");
                Await.until("it is handled", PATIENCE, () -> handled.contains("before"));
                String text = "x".repeat(900_000);

                Await.asserted("the disk is full", PATIENCE, () -> assertThat(
                                catchThrowable(() -> sender(lynx).send("filling", null, text)))
                        .isInstanceOf(KafkaException.class));
                awaitHealth(lynx, HealthStatus.DOWN);
                Throwable failure = catchThrowable(() -> sender(lynx).send("orders", "k", "lost"));
                assertThat(Classification.isExternal(failure))
                        .as(failure.toString())
                        .isTrue();
                List<UnpublishedMessage> left = lynx.resource(BridgeTransport.key("kafka"))
                        .publish(
                                "orders",
                                List.of(new BridgeMessage(Map.of("id", "m"), new byte[] {1})),
                                Deadline.after(Duration.ofSeconds(3), Ticker.system()));
                assertThat(left).hasSize(1).noneMatch(UnpublishedMessage::isPermanent);
                assertThat(Classification.isExternal(left.getFirst().cause())).isTrue();

                assertThat(run("mount", "-o", "remount,size=256m", disk.toString()))
                        .isTrue();
                server.kill();
                server.start();
                awaitHealth(lynx, HealthStatus.UP);
                Await.asserted(
                        "sends succeed again", PATIENCE, () -> sender(lynx).send("orders", "k", "after"));
                Await.until("it is handled", PATIENCE, () -> handled.contains("after"));
            }
        } finally {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
            Files.delete(disk);
            assertThat(run("rm", "-r", metadata.toString())).isTrue();
        }
    }

    private static void setConnections(Admin admin, String most) throws Exception {
        Void _ = admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        List.of(new AlterConfigOp(new ConfigEntry("max.connections.per.ip", most), OpType.SET))))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void aBrokerThatRefusesConnectionsIsAnOutageUntilItAcceptsThem() throws Exception {
        try (KafkaServer server = KafkaServer.create()) {
            server.start();
            try (Admin admin = server.admin()) {
                setConnections(admin, "1");
                try (LynxTest lynx = application(server)
                        .with("lynx.kafka.startup", "degrade")
                        .start()) {
                    awaitHealth(lynx, HealthStatus.DOWN);
                    assertThatThrownBy(() -> sender(lynx).send("orders", "k", "refused"))
                            .isInstanceOf(KafkaException.class)
                            .matches(Classification::isExternal)
                            .hasMessageContaining("has not connected to kafka://" + server.address());

                    setConnections(admin, "100");

                    awaitHealth(lynx, HealthStatus.UP);
                    Await.asserted("sends succeed", PATIENCE, () -> sender(lynx).send("orders", "k", "accepted"));
                    Await.until("it is handled", PATIENCE, () -> handled.contains("accepted"));
                    setConnections(admin, "1");
                    assertThat(check(lynx).status()).isEqualTo(HealthStatus.UP);
                    var _ = sender(lynx).send("orders", "k", "connected before");
                    Await.until("it is handled", PATIENCE, () -> handled.contains("connected before"));
                }
            }
        }
    }

    private static Uuid idOfOrders(Admin admin) throws Exception {
        return Objects.requireNonNull(
                        admin.describeTopics(List.of("orders"))
                                .allTopicNames()
                                .get(20, TimeUnit.SECONDS)
                                .get("orders"),
                        "orders")
                .topicId();
    }

    @Test
    void partitionsThatAreAddedAndATopicThatIsCreatedAgainAreConsumed() throws Exception {
        try (KafkaServer server = KafkaServer.create()) {
            server.start();
            server.createTopic("orders", 1);
            try (Admin admin = server.admin();
                    LynxTest lynx = application(server).start()) {
                for (int i = 0; i < 20; i++) {
                    var _ = sender(lynx).send("orders", "k" + i, "old " + i);
                }
                Await.until("all are handled", PATIENCE, () -> handled.size() == 20);

                Void _ = admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
                Await.asserted("there is a second partition", PATIENCE, () -> sender(lynx)
                        .send(TestApplications.order(2, "k", "added")));
                Await.until("it is handled", PATIENCE, () -> handled.contains("added"));

                Uuid old = idOfOrders(admin);
                Void _ = admin.deleteTopics(List.of("orders")).all().get(20, TimeUnit.SECONDS);
                // The broker creates it at its next use, which is that by the consumer.
                Await.asserted("there is another topic", PATIENCE, () -> assertThat(idOfOrders(admin))
                        .isNotEqualTo(old));
                // The consumer may go on at the offset that it had reached in the old topic.
                AtomicInteger number = new AtomicInteger();
                Await.asserted("records of the new topic are handled", PATIENCE, () -> {
                    var _ = sender(lynx).send("orders", "k", "new " + number.incrementAndGet());
                    assertThat(handled).anyMatch(value -> value.startsWith("new "));
                });
                String last = "new " + number.incrementAndGet();
                var _ = sender(lynx).send("orders", "k", last);
                Await.until("the last one is handled", PATIENCE, () -> handled.contains(last));
            }
        }
    }
}
