package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LongLivedStreamTest {
    private static final Duration BUDGET = Duration.ofSeconds(20);

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    /** Sends an event, stays open, and says goodbye if {@code polite}. */
    private void events(Stream stream, boolean polite) {
        stream.listen(new StreamListener() {
            @Override
            public void ended(StreamEnd end) {
                log.add("ended " + end);
                stream.workDone();
            }

            @Override
            public void check(long now) {}

            @Override
            public void interrupt() {}
        });
        boolean accepted = stream.longLived(new DrainListener() {
            @Override
            public void draining(Deadline deadline) {
                log.add("draining");
            }

            @Override
            public void goodbye() {
                log.add("goodbye");
                if (polite) {
                    write(stream, ": bye\n");
                    stream.end();
                }
            }
        });
        if (!accepted) {
            stream.answer(503, List.of(), -1, false);
            stream.end();
            return;
        }
        stream.answer(200, List.of("content-type", "text/event-stream"), -1, true);
        write(stream, "data: 1\n");
    }

    private static void write(Stream stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length, _ -> {});
    }

    @Test
    void isCountedSeparatelyFromRequestsInFlight() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> events(stream, true));
                WireClient client = server.client()) {
            client.request("/events");
            assertThat(client.head().status()).isEqualTo(200);

            assertThat(server.listener.inFlight().current()).isZero();
            assertThat(server.listener.inFlight().longLived().current()).isOne();

            client.abort();
            Await.until(
                    "no long-lived stream is left",
                    () -> server.listener.inFlight().longLived().current() == 0);
            assertThat(log).containsExactly("ended CLIENT_GONE");
            assertThat(server.listener.inFlight().current()).isZero();
        }
    }

    @Test
    void hasALimitOfItsOwn() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> events(stream, true), 1, null);
                WireClient first = server.client();
                WireClient second = server.client()) {
            first.request("/events");
            assertThat(first.head().status()).isEqualTo(200);

            second.request("/events");

            assertThat(second.head().status()).isEqualTo(503);
            assertThat(server.listener.inFlight().longLived().rejections()).isOne();
            Await.until("nothing is in flight", () -> server.listener.inFlight().current() == 0);
        }
    }

    @Test
    void cannotBecomeLongLivedTwice() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        try (ProtocolServer server = ProtocolServer.serving(stream -> {
                    events(stream, true);
                    assertThatThrownBy(() -> events(stream, true)).satisfies(thrown::complete);
                });
                WireClient client = server.client()) {
            client.request("/events");

            assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessage("stream: it is long-lived already");
            assertThat(server.listener.inFlight().longLived().current()).isOne();
        }
    }

    @Test
    void saysGoodbyeInTheFirstHalfOfADrain() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> events(stream, true));
                WireClient client = server.client()) {
            client.request("/events");
            assertThat(client.head().status()).isEqualTo(200);

            CompletableFuture<Duration> drained = server.drain(BUDGET.dividedBy(5));

            assertThat(client.rest()).endsWith(": bye\n\r\n0\r\n\r\n");
            client.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(BUDGET.dividedBy(5));
            assertThat(log).containsExactly("draining", "goodbye", "ended ANSWERED");
            assertThat(server.listener.inFlight().longLived().ended()).isOne();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void isCutOffShortlyAfterAGoodbyeThatDoesNotEndIt() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> events(stream, false));
                WireClient client = server.client()) {
            client.request("/events");
            assertThat(client.head().status()).isEqualTo(200);

            CompletableFuture<Duration> drained = server.drain(BUDGET);

            assertThat(client.rest()).contains("data: 1");
            assertThat(drained.get(20, TimeUnit.SECONDS)).isLessThan(BUDGET.minusSeconds(4));
            assertThat(log).containsExactly("draining", "goodbye", "ended DRAINED");
            assertThat(server.listener.inFlight().longLived().ended()).isOne();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }

    @Test
    void isCutOffThoughItBeginsWhenTheOthersWereCutOff() throws Exception {
        ManualTime time = new ManualTime();
        CompletableFuture<Stream> slow = new CompletableFuture<>();
        try (ProtocolServer server = ProtocolServer.serving(
                        stream -> {
                            if (stream.head().target().equals("/events")) {
                                events(stream, false);
                            } else {
                                slow.complete(stream);
                            }
                        },
                        time);
                WireClient client = server.client();
                WireClient open = server.client()) {
            open.request("/events");
            assertThat(open.head().status()).isEqualTo(200);
            client.request("/slow");
            Stream late = slow.get(20, TimeUnit.SECONDS);
            CompletableFuture<Duration> drained = server.drain(Deadline.after(BUDGET, time));
            Await.until("the drain has begun", () -> log.contains("draining"));
            time.advance(BUDGET.dividedBy(2));
            Await.until("the first stream says goodbye", () -> log.contains("goodbye"));
            time.advance(Duration.ofSeconds(2));
            assertThat(open.rest()).contains("data: 1");
            assertThat(log).containsExactly("draining", "goodbye", "ended DRAINED");

            events(late, false);
            assertThat(client.head().status()).isEqualTo(200);
            Await.until("the second stream says goodbye", () -> Collections.frequency(log, "goodbye") == 2);
            time.advance(Duration.ofSeconds(1));

            assertThat(client.rest()).contains("data: 1");
            client.close();
            assertThat(drained.get(20, TimeUnit.SECONDS)).isPositive();
            assertThat(log)
                    .containsExactly("draining", "goodbye", "ended DRAINED", "draining", "goodbye", "ended DRAINED");
        }
    }

    @Test
    void receivesTheGoodbyeAtOnceIfItBeginsDuringADrain() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> {
                    if (stream.head().target().equals("/events")) {
                        events(stream, true);
                    } else {
                        ProtocolServer.answer(stream, "ok");
                    }
                });
                WireClient client = server.client();
                WireClient open = server.client()) {
            open.request("/events");
            assertThat(open.head().status()).isEqualTo(200);
            client.send("GET /events HTTP/1.1\r\n");
            CompletableFuture<Duration> drained = server.drain(Duration.ofSeconds(4));
            Await.until("the stream is notified of the drain", () -> log.contains("draining"));

            client.send("Host: localhost\r\n\r\n");

            assertThat(client.rest()).endsWith(": bye\n\r\n0\r\n\r\n");
            assertThat(open.rest()).endsWith(": bye\n\r\n0\r\n\r\n");
            client.close();
            open.close();
            drained.get(20, TimeUnit.SECONDS);
            assertThat(server.listener.inFlight().longLived().ended()).isEqualTo(2);
        }
    }

    @Test
    void countsAsEndedWhenTheListenerClosesWithoutADrain() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(stream -> events(stream, true));
                WireClient client = server.client()) {
            client.request("/events");
            assertThat(client.head().status()).isEqualTo(200);

            server.close();

            // On a busy machine the listener does not wait for it.
            Await.until(
                    "the stream ends",
                    () -> server.listener.inFlight().longLived().current() == 0);
            assertThat(log).containsExactly("ended DRAINED");
            assertThat(server.listener.inFlight().longLived().ended()).isOne();
            assertThat(server.listener.inFlight().failed()).isZero();
        }
    }
}
