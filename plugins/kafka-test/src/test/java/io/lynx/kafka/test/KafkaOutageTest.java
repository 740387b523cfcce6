package io.lynx.kafka.test;

import static io.lynx.kafka.test.TestApplications.consuming;
import static io.lynx.kafka.test.TestApplications.sender;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A broker that is killed, suspended and started again while records are sent and handled: in the long form. */
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
class KafkaOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final Set<String> acknowledged = new ConcurrentSkipListSet<>();
    private final CopyOnWriteArrayList<String> handled = new CopyOnWriteArrayList<>();
    private KafkaServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = SecuredServer.get().server();
    }

    @AfterEach
    void thaw() throws Exception {
        server.thaw();
        server.start();
    }

    @Test
    void nothingThatWasAcknowledgedIsLost() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        try (LynxTest lynx = consuming(String.class, order -> handled.add(order.value()))
                .with("lynx.kafka.servers", server.address())
                .with("lynx.kafka.topic_prefix", "outage.")
                .with("lynx.kafka.request_timeout", "2s")
                .with("lynx.kafka.consumers.orders.session_timeout", "6s")
                .with("lynx.circuit_breaker.breakers.kafka.timeout", "1s")
                .with("lynx.health_check.interval", "1s")
                .start()) {
            Thread sending = Thread.ofVirtual().start(() -> sendUntil(lynx, isOver));
            Await.until("some are handled", PATIENCE, () -> handled.size() > 20);

            server.kill();
            server.start();
            int afterKill = handled.size();
            Await.until("others are handled", PATIENCE, () -> handled.size() > afterKill + 20);
            server.freeze();
            int frozen = acknowledged.size();
            server.thaw();
            Await.until("others are acknowledged", PATIENCE, () -> acknowledged.size() > frozen + 20);

            isOver.set(true);
            sending.join();
            Await.until("all are handled", PATIENCE, () -> Set.copyOf(handled).containsAll(acknowledged));
            assertThat(new TreeSet<>(handled)).containsAll(acknowledged);
        }
    }

    private void sendUntil(LynxTest lynx, AtomicBoolean isOver) {
        for (int i = 0; !isOver.get(); i++) {
            String value = "order " + i;
            try {
                var _ = sender(lynx).send("orders", "k" + i % 10, value);
                boolean _ = acknowledged.add(value);
            } catch (KafkaException notAcknowledged) {
                pause();
            }
        }
    }

    /** While the breaker is open, sends fail at once. */
    private static void pause() {
        try {
            boolean _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
