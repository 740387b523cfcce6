package io.lynx.kafka.test;

import io.lynx.kafka.KafkaPlugin;
import io.lynx.kafka.KafkaSender;
import io.lynx.plugin.Plugin;
import io.lynx.testkit.ExternalServer;
import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.LynxTest;
import io.lynx.testkit.SystemPluginContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract of plugins for external systems, kept by the plugin for Kafka in front of a real broker. */
@SuppressWarnings("JUnitMethodInvoked") // An override is the way to say when an inherited test runs.
class KafkaContractTest extends SystemPluginContract {
    private static final String USER = "contract";
    private static final String FIRST = "first-of-contract";
    private static final String SECOND = "second-of-contract";

    private static KafkaServer server;
    private static LoopbackCertificate certificate;

    private final AtomicInteger slowCalls = new AtomicInteger();

    @BeforeAll
    static void startBroker() throws Exception {
        server = SecuredServer.get().server();
        certificate = SecuredServer.get().certificate();
        server.setPassword(USER, FIRST);
        server.createTopic("items", 1);
        server.createTopic("small", 1, Map.of("max.message.bytes", "200"));
    }

    /** In the long form, since each start of the broker takes seconds. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    @Override
    public void aRequiredSystemThatIsAbsentEndsTheStart() throws Exception {
        super.aRequiredSystemThatIsAbsentEndsTheStart();
    }

    /** In the long form, since each start of the broker takes seconds. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    @Override
    public void aRequiredSystemThatComesLateIsWaitedFor() throws Exception {
        super.aRequiredSystemThatComesLateIsWaitedFor();
    }

    /** In the long form, since each start of the broker takes seconds. */
    @Test
    @EnabledIfSystemProperty(named = "system-tests", matches = "full")
    @Override
    public void startsWithoutTheSystemAndConnectsLater() throws Exception {
        super.startsWithoutTheSystemAndConnectsLater();
    }

    @Override
    protected ExternalServer server() {
        return server;
    }

    @Override
    protected String family() {
        return "kafka";
    }

    @Override
    protected Plugin plugin(String name) {
        return new KafkaPlugin(name);
    }

    @Override
    protected Map<String, String> configuration() {
        return Map.of(
                "servers", "[\"" + server.userAddress() + "\"]",
                "user", USER,
                "password", FIRST,
                "request_timeout", "2s",
                "producer.delivery_timeout", "4s",
                "producer.max_wait", "5s",
                "producer.max_waiting", "2000",
                "health_timeout", "2s");
    }

    @Override
    protected LoopbackCertificate certificate() {
        return certificate;
    }

    /** The port for TLS knows clients by their certificates only. */
    @Override
    protected Map<String, String> tlsConfiguration() {
        return Map.of("servers", "[\"" + server.tlsAddress() + "\"]", "user", "", "password", "");
    }

    @Override
    protected Map<String, String> spanAttributes() {
        String[] address = server.userAddress().split(":");
        return Map.of(
                "messaging.system", "kafka",
                "messaging.operation.type", "send",
                "messaging.destination.name", "items",
                "server.address", address[0],
                "server.port", address[1]);
    }

    @Override
    protected Map<String, String> wrongCredentials() {
        return Map.of("password", "a-wrong-password");
    }

    @Override
    protected Map<String, String> rotateCredentials() {
        server.setPassword(USER, SECOND);
        return Map.of("password", SECOND);
    }

    @Override
    protected void restoreCredentials() {
        server.setPassword(USER, FIRST);
    }

    private static KafkaSender sender(LynxTest lynx, String name) {
        return lynx.resource(KafkaPlugin.sender(name));
    }

    @Override
    protected void call(LynxTest lynx, String name) {
        var _ = sender(lynx, name).send("items", "key", "value");
    }

    /** The broker refuses a record that is larger than its topic allows. */
    @Override
    protected void rejectedCall(LynxTest lynx, String name) {
        var _ = sender(lynx, name).send("small", "key", "x".repeat(1_000));
    }

    /** The broker is suspended for that time after it has received a call. */
    @Override
    protected void slowCall(LynxTest lynx, String name, Duration duration) throws Exception {
        call(lynx, name); // Afterwards there is a connection.
        server.freeze();
        CountDownLatch over = new CountDownLatch(1);
        Thread thawing = Thread.ofVirtual().start(() -> thawAfter(duration, over));
        int _ = slowCalls.incrementAndGet();
        try {
            call(lynx, name);
        } finally {
            int _ = slowCalls.decrementAndGet();
            over.countDown();
            thawing.join();
        }
    }

    private static void thawAfter(Duration duration, CountDownLatch over) {
        try {
            boolean _ = over.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            server.thaw();
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    protected int slowCallsAtServer() {
        return slowCalls.get();
    }

    @Override
    protected String callMetric() {
        return "lynx_kafka_send_duration_seconds";
    }
}
