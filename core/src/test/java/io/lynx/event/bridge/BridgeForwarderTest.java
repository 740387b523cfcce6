package io.lynx.event.bridge;

import static io.lynx.event.bridge.RecordingTransport.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.bridge.BridgeQueue.ForwardAccount;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BridgeForwarderTest {
    private final ManualTime time = new ManualTime();
    private final RecordingTransport transport = new RecordingTransport();
    private final BridgeQueue queue = new BridgeQueue(4);
    private final AtomicInteger retries = new AtomicInteger();
    private final BridgeForwarder forwarder = new BridgeForwarder(
            "orders",
            queue,
            new BatchPublisher(
                    transport, new ChannelNames("lynx.{bus}", "{channel}.dead-letters"), Duration.ofSeconds(10), time),
            transport.deadLetters(time),
            config(),
            time,
            time,
            new Random(1),
            retries::incrementAndGet);
    private Thread thread;

    private static BridgeConfig config() {
        return new BridgeConfig(
                "memory",
                List.of(),
                List.of(),
                "lynx.{bus}",
                "{channel}.dead-letters",
                "",
                "",
                4,
                100,
                Duration.ofSeconds(10),
                1,
                3,
                Duration.ofMillis(100),
                Duration.ofSeconds(10));
    }

    @BeforeEach
    void start() {
        thread = Thread.ofVirtual().start(forwarder);
    }

    @AfterEach
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void awaitSettled() {
        Await.until("everything is settled", () -> {
            ForwardAccount account = queue.account();
            return account.queued() == 0 && account.inProgress() == 0;
        });
    }

    /** {@code accepted = acknowledged + dead-lettered + lost + undelivered + queued + in progress}. */
    private ForwardAccount balanced() {
        ForwardAccount account = queue.account();
        assertThat(account.acknowledged()
                        + account.deadLettered()
                        + account.lost()
                        + account.undelivered()
                        + account.queued()
                        + account.inProgress())
                .isEqualTo(account.accepted());
        return account;
    }

    @Test
    void sendsWhatIsQueued() throws Exception {
        queue.put(message("1", "a"));
        queue.put(message("2", "a"));

        awaitSettled();

        assertThat(transport.published).containsExactly("lynx.business:1", "lynx.business:2");
        assertThat(balanced().acknowledged()).isEqualTo(2);
    }

    @Test
    void sendsAgainAfterAPauseThatGrows() throws Exception {
        transport.isDown = true;
        queue.put(message("1", "a"));
        Await.until("it pauses", () -> time.pending() == 1);
        assertThat(forwarder.problem()).hasMessage("down");
        assertThat(balanced().inProgress()).isEqualTo(1);

        time.advance(Duration.ofMillis(100));
        Await.until("it has tried again and pauses", () -> transport.waves.get() == 2 && time.pending() == 1);
        transport.isDown = false;
        time.advance(Duration.ofMillis(200));
        awaitSettled();

        assertThat(transport.published).containsExactly("lynx.business:1");
        assertThat(retries).hasValue(2);
        Await.until("it has no problem any more", () -> forwarder.problem() == null);
    }

    @Test
    void aFullQueueWaitsForRoom() throws Exception {
        transport.isDown = true;
        queue.put(message("0", ""));
        Await.until("it pauses", () -> time.pending() == 1);
        for (int i = 1; i <= 4; i++) {
            queue.put(message("" + i, ""));
        }
        Thread publisher = Thread.ofVirtual().start(() -> {
            try {
                queue.put(message("5", ""));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        });
        Await.until("the publisher waits", () -> publisher.getState() == Thread.State.WAITING);
        assertThat(queue.account().queued()).isEqualTo(4);

        transport.isDown = false;
        time.advance(Duration.ofSeconds(1));
        publisher.join();
        awaitSettled();

        assertThat(balanced().acknowledged()).isEqualTo(6);
    }

    @Test
    void whatTheBrokerRefusesBecomesADeadLetter() throws Exception {
        transport.refused = message ->
                message.id().equals("1") && message.attribute("lynxreason").isEmpty();
        queue.put(message("1", "a"));
        queue.put(message("2", "a"));

        awaitSettled();

        assertThat(transport.published).containsExactlyInAnyOrder("lynx.business:2", "lynx.business.dead-letters:1");
        assertThat(balanced())
                .extracting(ForwardAccount::acknowledged, ForwardAccount::deadLettered)
                .containsExactly(1L, 1L);
    }

    @Test
    void whatTheChannelOfDeadLettersRefusesTooIsLostAndHoldsUpNoOther() throws Exception {
        transport.refused = message -> message.id().equals("1");
        queue.put(message("1", "a"));
        queue.put(message("2", "a"));

        awaitSettled();

        assertThat(transport.published).containsExactly("lynx.business:2");
        assertThat(balanced())
                .extracting(ForwardAccount::acknowledged, ForwardAccount::deadLettered, ForwardAccount::lost)
                .containsExactly(1L, 0L, 1L);
    }

    private long close(Duration limit) {
        try {
            return forwarder.close(Deadline.after(limit, time));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void countsWhatItCouldNotSendBeforeTheDeadline() throws Exception {
        transport.isDown = true;
        queue.put(message("1", "a"));
        Await.until("it pauses", () -> time.pending() == 1);
        queue.put(message("2", "a"));

        CompletableFuture<Long> closing = CompletableFuture.supplyAsync(() -> close(Duration.ofSeconds(1)));
        Await.until("the close waits", () -> time.pending() == 2);
        time.advance(Duration.ofSeconds(1));
        long left = closing.get();

        assertThat(left).isEqualTo(2);
        assertThat(balanced().undelivered()).isEqualTo(2);
        assertThatThrownBy(() -> queue.put(message("3", "a")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the bridge is closed");
    }
}
