package io.lynx.transport.engine.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.time.Ticker;
import io.lynx.transport.CallListener;
import io.lynx.transport.Connector.ConnectionListener;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import io.lynx.transport.OutgoingException.Kind;
import io.lynx.transport.OutgoingHead;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a call hears of a connection that ended before it was sent. */
class LostConnectionTest {
    private static final OutgoingHead GET = new OutgoingHead("GET", "http", "inventory", "/", List.of(), null, 0);

    private final EmbeddedChannel channel = new EmbeddedChannel();

    private static Throwable alert() {
        return new DecoderException(new SSLHandshakeException("Received fatal alert: bad_certificate"));
    }

    private OutgoingConnection http1() {
        return Http1Connection.on(channel, true, 1000, new NoListener());
    }

    private OutgoingConnection http2() {
        return MultiplexedConnection.on(
                channel,
                new ConnectorSpec(
                        "test",
                        "lynx.clients.test",
                        Optional.empty(),
                        ConnectorSpec.Version.HTTP_2,
                        1000,
                        1,
                        Optional.empty(),
                        Ticker.system()),
                new NoListener());
    }

    private Answer call(OutgoingConnection connection) {
        Answer answer = new Answer();
        OutgoingCall _ = connection.call(GET, answer);
        channel.runPendingTasks();
        return answer;
    }

    private OutgoingException failure(OutgoingConnection connection) {
        OutgoingException failure = call(connection).failure;
        assertThat(failure).isNotNull();
        assertThat(failure.isUnanswered()).isTrue();
        return failure;
    }

    @Test
    void theServerHasRefusedTheCertificate() {
        for (Function<LostConnectionTest, OutgoingConnection> kind :
                List.<Function<LostConnectionTest, OutgoingConnection>>of(
                        LostConnectionTest::http1, LostConnectionTest::http2)) {
            LostConnectionTest test = new LostConnectionTest();
            OutgoingConnection connection = kind.apply(test);
            test.channel.pipeline().fireExceptionCaught(alert());
            OutgoingException failure = test.failure(connection);

            assertThat(failure.kind()).isEqualTo(Kind.TLS);
            assertThat(failure).hasMessage("the server refused the client's certificate");
            assertThat(connection.capacity()).isZero();
        }
    }

    @Test
    void theServerDoesNotSpeakHttp2() {
        OutgoingConnection connection = http2();
        channel.writeInbound(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n\r\n", StandardCharsets.US_ASCII));
        OutgoingException failure = failure(connection);

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessage("the answer is not valid HTTP/2");
    }

    @Test
    void aConnectionThatWasLostSaysNothingAboutTheNextOne() {
        OutgoingConnection connection = http2();
        channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        OutgoingException failure = failure(connection);

        assertThat(failure.kind()).isEqualTo(Kind.UNPROCESSED);
        assertThat(failure)
                .hasMessageStartingWith("the connection was closed before the call was sent")
                .hasMessageNotContaining("peer");
    }

    @Test
    void whatEndsAConnectionThatHasAnsweredSaysNothingAboutTheNextOne() {
        OutgoingConnection connection = http1();
        Answer answer = call(connection);
        channel.writeInbound(
                Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", StandardCharsets.US_ASCII));
        assertThat(answer.isComplete).isTrue();
        channel.pipeline().fireExceptionCaught(alert());
        OutgoingException failure = failure(connection);

        assertThat(failure.kind()).isEqualTo(Kind.UNPROCESSED);
        assertThat(failure)
                .hasMessage("the connection was closed before the call was sent"
                        + " (the server refused the client's certificate)");
    }

    @Test
    void aCallInFlightHearsItToo() {
        OutgoingConnection connection = http2();
        Answer answer = call(connection);
        channel.writeInbound(Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n\r\n", StandardCharsets.US_ASCII));

        assertThat(answer.failure).isNotNull();
        assertThat(answer.failure.kind()).isEqualTo(Kind.MALFORMED);
    }

    private static final class Answer implements CallListener {
        @Nullable
        OutgoingException failure;

        boolean isComplete;

        @Override
        public void head(int status, List<String> headers) {}

        @Override
        public void received(byte[] bytes) {}

        @Override
        public void completed() {
            isComplete = true;
        }

        @Override
        public void failed(OutgoingException reason) {
            failure = reason;
        }
    }

    private static final class NoListener implements ConnectionListener {
        @Override
        public void connected(OutgoingConnection connection) {}

        @Override
        public void connectFailed(OutgoingException failure) {}

        @Override
        public void capacityChanged() {}

        @Override
        public void closed() {}
    }
}
