package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.Await;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/1.1 that send their request, end their output and wait. */
class HalfClosedPeerTest {
    private final Queue<Stream> open = new ConcurrentLinkedQueue<>();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private void held(Stream stream) {
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

            @Override
            public void peerFinished() {
                log.add("peer finished");
            }
        });
        open.add(stream);
    }

    private Stream next() {
        Await.until("the connection is open", () -> !open.isEmpty());
        return open.remove();
    }

    @Test
    void aHalfClosedPeerIsAnswered() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.request("/");
            client.socket.shutdownOutput();
            Stream stream = next();
            Await.until("the stream learns that the peer has finished", () -> log.contains("peer finished"));

            ProtocolServer.answer(stream, "late");

            WireClient.Answer answer = client.answer();
            assertThat(answer.body()).isEqualTo("late");
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.rest()).isEmpty();
            assertThat(log).containsExactly("peer finished", "ended ANSWERED");
            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
        }
    }

    @Test
    void eachRequestOfAPipelineIsAnswered() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            client.socket.shutdownOutput();
            Stream first = next();
            Await.until("the stream learns that the peer has finished", () -> log.contains("peer finished"));

            ProtocolServer.answer(first, "one");
            assertThat(client.answer().body()).isEqualTo("one");
            ProtocolServer.answer(next(), "two");

            assertThat(client.answer().body()).isEqualTo("two");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void anAnswerThatHadBegunIsCompleted() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.request("/");
            Stream stream = next();
            stream.answer(200, java.util.List.of(), 4, true);
            stream.write(new byte[] {'a', 'b'}, 0, 2, _ -> {});
            assertThat(client.head().status()).isEqualTo(200);
            client.socket.shutdownOutput();
            Await.until("the stream learns that the peer has finished", () -> log.contains("peer finished"));

            stream.end(new byte[] {'c', 'd'});
            stream.workDone();

            assertThat(client.rest()).isEqualTo("abcd");
            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
        }
    }

    @Test
    void aResetAfterTheHalfCloseEndsTheStream() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.request("/");
            Stream _ = next();
            client.socket.shutdownOutput();
            Await.until("the stream learns that the peer has finished", () -> log.contains("peer finished"));

            client.abort();

            Await.until("the stream ends", () -> log.contains("ended CLIENT_GONE"));
            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
            assertThat(server.listener.inFlight().current()).isZero();
        }
    }

    @Test
    void anAnswerThatCannotBeWrittenEndsTheStream() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.request("/");
            Stream stream = next();
            client.close();
            Await.until("the stream learns that the peer has finished", () -> log.contains("peer finished"));

            stream.answer(200, java.util.List.of(), -1, true);
            Await.until("the write fails", () -> {
                stream.write(new byte[1000], 0, 1000, _ -> {});
                return log.contains("ended CLIENT_GONE");
            });

            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
        }
    }

    @Test
    void aResetWithoutAHalfCloseEndsTheStream() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient client = server.client()) {
            client.request("/");
            Stream _ = next();

            client.abort();

            Await.until("the stream ends", () -> log.contains("ended CLIENT_GONE"));
            assertThat(log).doesNotContain("peer finished");
        }
    }

    @Test
    void aConnectionWithoutACompleteRequestIsClosedAtOnce() throws Exception {
        try (ProtocolServer server = ProtocolServer.serving(this::held);
                WireClient probe = server.client();
                WireClient partial = server.client();
                WireClient withoutBody = server.client()) {
            probe.socket.shutdownOutput();
            assertThat(probe.rest()).isEmpty();

            partial.send("GET / HTTP/1.1\r\nHos");
            partial.socket.shutdownOutput();
            assertThat(partial.rest()).isEmpty();

            withoutBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            Stream _ = next();
            withoutBody.socket.shutdownOutput();
            Await.until("the stream ends", () -> log.contains("ended CLIENT_GONE"));
            Await.until("the connection is closed", () -> server.listener.openConnections() == 0);
            assertThat(open).isEmpty();
        }
    }
}
