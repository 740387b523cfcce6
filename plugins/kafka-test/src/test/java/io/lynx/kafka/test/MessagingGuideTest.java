package io.lynx.kafka.test;

import static io.lynx.kafka.test.TestApplications.consuming;
import static io.lynx.kafka.test.TestApplications.sender;

import io.lynx.kafka.KafkaSender;
import io.lynx.kafka.ReceivedRecord;
import io.lynx.kafka.RejectedRecordException;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** Further code of the guide to messaging. */
@WithKafka
class MessagingGuideTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    record Order(long id, String article) {}

    private final List<Long> shipped = new CopyOnWriteArrayList<>();

    @Test
    void sendsManyAndRejectsSome(TestKafka kafka) {
        try (LynxTest lynx = consuming(Order.class, this::handle).start()) {
            sendAll(sender(lynx), List.of(new Order(1, "lamp"), new Order(2, "unknown"), new Order(3, "desk")));

            Await.until("two are shipped", PATIENCE, () -> shipped.size() == 2);
            Await.until("one is a dead letter", PATIENCE, () -> kafka.values("orders.dead-letters")
                    .equals(List.of("{\"id\":2,\"article\":\"unknown\"}")));
        }
    }

    // snippet: messaging-many
    private static void sendAll(KafkaSender sender, List<Order> orders) {
        List<CompletableFuture<RecordMetadata>> sent = orders.stream()
                .map(order -> {
                    ProducerRecord<byte[], byte[]> record = sender.record("orders", "shop-1", order);
                    record.headers().add("source", "import".getBytes(StandardCharsets.UTF_8));
                    return sender.sendAsync(record);
                })
                .toList();
        sent.forEach(CompletableFuture::join); // Throws if one was not acknowledged.
    }
    // end

    // snippet: messaging-reject
    private void handle(ReceivedRecord<Order> record) {
        Order order = record.value();
        if (order.article().equals("unknown")) {
            throw new RejectedRecordException("no article '" + order.article() + "'");
        }
        shipped.add(order.id());
    }
    // end
}
