package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Servers that answer wrongly, refuse calls, or leave: each call has the right status, and is sent again only if that is safe. */
class ClientBadAnswerTest {
    private static final int REFUSED_STREAM = 7;

    /** A server whose calls have one answer, and a client of it. */
    private static Status status(RawGrpcServer.Script script) throws IOException {
        return status(script, CallOptions.DEFAULT);
    }

    private static Status status(RawGrpcServer.Script script, CallOptions options) throws IOException {
        try (RawGrpcServer server = new RawGrpcServer(script);
                GrpcChannel channel = channel(server)) {
            return GrpcTestServer.failure(() -> unary(channel, options)).getStatus();
        }
    }

    private static GrpcChannel channel(RawGrpcServer server) {
        return GrpcChannel.builder("raw")
                .url("http://127.0.0.1:" + server.port())
                .connectTimeout(Duration.ofSeconds(30))
                .maxMessageSize(10_000)
                .build();
    }

    private static String unary(GrpcChannel channel, CallOptions options) {
        return ClientCalls.blockingUnaryCall(channel, Texts.UNARY, options, "x");
    }

    private static String unary(GrpcChannel channel) {
        return unary(channel, CallOptions.DEFAULT);
    }

    @Test
    void aWholeAnswer() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, _) -> peer.answer(stream, "right"));
                GrpcChannel channel = channel(server)) {
            assertThat(unary(channel)).isEqualTo("right");
            assertThat(unary(channel)).isEqualTo("right");
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void anErrorPageOfHttpIsMappedByItsStatus() throws Exception {
        Status status = status((peer, stream, _) -> {
            peer.headers(stream, false, ":status", "503", "content-type", "text/html");
            peer.data(stream, "<html>secret</html>".getBytes(StandardCharsets.US_ASCII), true);
        });
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription())
                .contains("raw: test.v1.Texts/Unary")
                .contains("503")
                .doesNotContain("secret");
        assertThat(status((peer, stream, _) -> peer.headers(stream, true, ":status", "404"))
                        .getCode())
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void anotherContentTypeIsNoAnswer() throws Exception {
        Status status = status((peer, stream, _) -> {
            peer.headers(stream, false, ":status", "200", "content-type", "application/json");
            peer.data(stream, "{}".getBytes(StandardCharsets.US_ASCII), true);
        });
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).contains("content type");
    }

    @Test
    void anAnswerWithoutTrailersHasNoStatus() throws Exception {
        Status status = status((peer, stream, _) -> {
            peer.head(stream);
            peer.data(stream, RawGrpc.message(0, "half"), true);
        });
        assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status.getDescription()).contains("without a status");
    }

    @Test
    void trailersWithoutAStatusOrWithAnotherText() throws Exception {
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream);
                            peer.trailers(stream, "other", "1");
                        })
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream);
                            peer.trailers(stream, "grpc-status", "many");
                        })
                        .getCode())
                .isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void trailersAloneAreAnAnswer() throws Exception {
        Status status = status(
                (peer, stream, _) -> peer.refuse(stream, "grpc-status", "5", "grpc-message", "no%20such%20thing"));
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo("no such thing");
    }

    @Test
    void malformedMessages() throws Exception {
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream);
                            peer.data(stream, new byte[] {7, 0, 0, 0, 1, 65}, false);
                        })
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream);
                            peer.data(stream, RawGrpc.prefixed(0, 100, new byte[3]), false);
                            peer.trailers(stream, "grpc-status", "0");
                        })
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream);
                            peer.data(stream, RawGrpc.message(1, "x"), false);
                            peer.trailers(stream, "grpc-status", "0");
                        })
                        .getDescription())
                .contains("names no grpc-encoding");
        assertThat(status((peer, stream, _) -> {
                            peer.head(stream, "grpc-encoding", "gzip");
                            peer.data(stream, RawGrpc.message(1, "not gzip"), false);
                            peer.trailers(stream, "grpc-status", "0");
                        })
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> peer.head(stream, "grpc-encoding", "brotli"))
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> peer.head(stream, "x-bin", "%%%"))
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void aMessageThatIsAnnouncedTooLargeIsRefusedBeforeItArrives() throws Exception {
        Status status = status((peer, stream, _) -> {
            peer.head(stream);
            peer.data(stream, RawGrpc.prefixed(0, Integer.MAX_VALUE, new byte[10]), false);
        });
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void aCompressedBombIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[5_000_000]);
        }
        Status status = status((peer, stream, _) -> {
            peer.head(stream, "grpc-encoding", "gzip");
            peer.data(stream, RawGrpc.prefixed(1, bytes.size(), bytes.toByteArray()), false);
            peer.trailers(stream, "grpc-status", "0");
        });
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(status.getDescription()).contains("when decompressed");
    }

    @Test
    void metadataOverTheLimitIsRefused() throws Exception {
        Status status = status((peer, stream, _) -> {
            String[] fields = new String[400];
            for (int i = 0; i < fields.length; i += 2) {
                fields[i] = "x-" + i;
                fields[i + 1] = "y".repeat(100);
            }
            peer.head(stream, fields);
            peer.trailers(stream, "grpc-status", "0");
        });
        assertThat(status.getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INTERNAL);
    }

    @Test
    void aRefusedStreamIsSentAgain() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call < 3) {
                        peer.reset(stream, REFUSED_STREAM);
                    } else {
                        peer.answer(stream, "at last");
                    }
                });
                GrpcChannel channel = channel(server)) {
            assertThat(unary(channel)).isEqualTo("at last");
            assertThat(server.calls).hasValue(3);
        }
    }

    @Test
    void aServerThatRefusesEveryStreamIsUnavailable() throws Exception {
        Status status = status((peer, stream, _) -> peer.reset(stream, REFUSED_STREAM));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aCallAboveTheLastStreamOfAGoAwayIsSentAgainOnAnotherConnection() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call == 2) {
                        peer.goAway(1);
                    } else {
                        peer.answer(stream, "call " + call);
                    }
                });
                GrpcChannel channel = channel(server)) {
            assertThat(unary(channel)).isEqualTo("call 1");
            assertThat(unary(channel)).isEqualTo("call 3");
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void aCallWithinAGoAwayIsFinished() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call == 1) {
                        peer.goAway(stream);
                    }
                    peer.answer(stream, "call " + call);
                });
                GrpcChannel channel = channel(server)) {
            assertThat(unary(channel)).isEqualTo("call 1");
            assertThat(unary(channel)).isEqualTo("call 2");
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void aConnectionThatEndsDuringACallFailsItUnlessItMayBeMadeTwice() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call == 1) {
                        peer.answer(stream, "first");
                    } else if (call % 2 == 0) {
                        peer.close();
                    } else {
                        peer.answer(stream, "again");
                    }
                });
                GrpcChannel channel = channel(server)) {
            assertThat(unary(channel)).isEqualTo("first");
            assertThat(GrpcTestServer.failure(() -> unary(channel)).getStatus().getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(server.calls).hasValue(2);

            assertThat(unary(channel)).isEqualTo("again");
            assertThat(unary(channel, CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true)))
                    .isEqualTo("again");
            assertThat(server.calls).hasValue(5);
        }
    }

    @Test
    void resetsAreMappedByTheirCode() throws Exception {
        assertThat(status((peer, stream, _) -> peer.reset(stream, 8)).getCode()).isEqualTo(Status.Code.CANCELLED);
        assertThat(status((peer, stream, _) -> peer.reset(stream, 2)).getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(status((peer, stream, _) -> peer.reset(stream, 11)).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void nothingIsSentAgainAfterSomethingWasReceived() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, _) -> {
                    peer.head(stream);
                    peer.trailers(stream, "grpc-status", "14");
                });
                GrpcChannel channel = channel(server)) {
            CallOptions twice = CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true);
            assertThat(GrpcTestServer.failure(() -> unary(channel, twice))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(server.calls).hasValue(1);
        }
    }

    @Test
    void aServerThatAsksNotToBeCalledAgainIsNot() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer(
                        (peer, stream, _) -> peer.refuse(stream, "grpc-status", "14", "grpc-retry-pushback-ms", "-1"));
                GrpcChannel channel = channel(server)) {
            CallOptions twice = CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true);
            assertThat(GrpcTestServer.failure(() -> unary(channel, twice))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(server.calls).hasValue(1);
        }
    }

    @Test
    void aCallThatIsCancelledBeforeItsRetryIsNotSentAgain() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call > 2) {
                        peer.answer(stream, "served");
                    } else {
                        peer.refuse(stream, "grpc-status", "14", "grpc-retry-pushback-ms", "1000");
                    }
                });
                GrpcChannel channel = channel(server)) {
            CallOptions twice = CallOptions.DEFAULT.withOption(GrpcChannel.IDEMPOTENT, true);
            ReceivedTexts cancelled = new ReceivedTexts();
            var call = channel.newCall(Texts.UNARY, twice);
            ClientCalls.asyncUnaryCall(call, "x", cancelled);
            Await.until("the call was sent", () -> server.calls.get() == 1);
            call.cancel("not needed any more", null);
            assertThat(cancelled.end().getCode()).isEqualTo(Status.Code.CANCELLED);

            // Its pause ends after that of the call that was cancelled.
            assertThat(unary(channel, twice)).isEqualTo("served");

            assertThat(server.calls).hasValue(3);
        }
    }

    @Test
    void whatIsRefusedIsReset() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, new byte[] {7, 0, 0, 0, 1, 65}, false);
                });
                GrpcChannel channel = channel(server)) {
            assertThat(GrpcTestServer.failure(() -> unary(channel)).getStatus().getCode())
                    .isEqualTo(Status.Code.INTERNAL);
            Await.until("the stream is reset", () -> server.resets.get() == 1);
        }
    }
}
