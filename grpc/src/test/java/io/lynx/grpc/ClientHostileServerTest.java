package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.lynx.grpc.client.GrpcChannel;
import io.lynx.http.client.ServiceDiscovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that break the rules of HTTP/2 and of gRPC, or do not answer at all: each call ends with a status that fits, and the next
 * one, to a server that is right, succeeds.
 */
class ClientHostileServerTest {
    private static final int PUSH_PROMISE = 5;
    private static final int CONTINUATION = 9;

    /**
     * What a server does instead of an answer.
     *
     * @param outcomes the names of the codes that a call may end with; OK if an answer may be received all the same
     */
    record Hostility(String name, List<String> outcomes, RawGrpcServer.Script script) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Hostility that(String name, String outcomes, RawGrpcServer.Script script) {
        return new Hostility(name, List.of(outcomes.split(" ", -1)), script);
    }

    private static byte[] garbage() {
        byte[] bytes = new byte[4096];
        new Random(14).nextBytes(bytes);
        return bytes;
    }

    private static final String BROKEN = "INTERNAL UNAVAILABLE";

    static Stream<Hostility> hostilities() {
        return Stream.of(frames(), streams(), statuses(), messages(), floods()).flatMap(List::stream);
    }

    /** What is not HTTP/2 ends the connection. */
    private static List<Hostility> frames() {
        byte[] old = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        return List.of(
                that("answers in HTTP/1.1", BROKEN, (peer, _, _) -> peer.raw(old)),
                that("sends random bytes", BROKEN, (peer, _, _) -> peer.raw(garbage())),
                that(
                        "sends a frame of 16 MiB",
                        BROKEN,
                        (peer, stream, _) ->
                                peer.raw(new byte[] {-1, -1, -1, RawGrpc.DATA, 0, 0, 0, 0, (byte) stream})),
                that(
                        "sends settings of a wrong length",
                        BROKEN,
                        (peer, _, _) -> peer.frame(RawGrpc.SETTINGS, 0, 0, new byte[5])),
                that(
                        "widens the window of the connection too far",
                        BROKEN,
                        (peer, _, _) -> peer.frame(RawGrpc.WINDOW_UPDATE, 0, 0, new byte[] {127, -1, -1, -1})),
                that(
                        "continues a head that it has not begun",
                        BROKEN,
                        (peer, stream, _) ->
                                peer.frame(CONTINUATION, RawGrpc.END_HEADERS, stream, new byte[] {(byte) 0x88})),
                that(
                        "sends a head that cannot be decoded",
                        BROKEN,
                        (peer, stream, _) -> peer.frame(
                                RawGrpc.HEADERS, RawGrpc.END_HEADERS, stream, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1
                                })),
                that("closes the connection", "UNAVAILABLE", (peer, _, _) -> peer.close()));
    }

    /** What streams may not do. */
    private static List<Hostility> streams() {
        return List.of(
                that(
                        "sends a message before its head",
                        BROKEN,
                        (peer, stream, _) -> peer.data(stream, RawGrpc.message(0, "early"), true)),
                that(
                        "sends data on another stream",
                        BROKEN,
                        (peer, stream, _) -> peer.data(stream + 2, RawGrpc.message(0, "other"), true)),
                that(
                        "pushes",
                        BROKEN,
                        (peer, stream, _) -> peer.frame(
                                PUSH_PROMISE, RawGrpc.END_HEADERS, stream, new byte[] {0, 0, 0, 2, (byte) 0x82})),
                that(
                        "sends a head without a status",
                        BROKEN + " UNKNOWN",
                        (peer, stream, _) -> peer.headers(stream, false, "content-type", "application/grpc")),
                that(
                        "sends a status that is not one",
                        BROKEN + " UNKNOWN",
                        (peer, stream, _) ->
                                peer.headers(stream, true, ":status", "many", "content-type", "application/grpc")),
                that("resets after its head", "INTERNAL", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.reset(stream, 2);
                }),
                that("resets within a message", "INTERNAL", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, RawGrpc.prefixed(0, 100, new byte[50]), false);
                    peer.reset(stream, 2);
                }),
                that("resets before its trailers", "CANCELLED", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.message(stream, "whole");
                    peer.reset(stream, 8);
                }),
                that("resets twice", "CANCELLED", (peer, stream, _) -> {
                    peer.reset(stream, 8);
                    peer.reset(stream, 8);
                }),
                that("says that it goes, and closes", "UNAVAILABLE OK", (peer, stream, _) -> {
                    peer.goAway(stream);
                    peer.close();
                }),
                that("closes within a message", "UNAVAILABLE", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, RawGrpc.prefixed(0, 100, new byte[50]), false);
                    peer.close();
                }));
    }

    private static List<Hostility> statuses() {
        return List.of(
                that("has the status 99", "UNKNOWN", (peer, stream, _) -> peer.refuse(stream, "grpc-status", "99")),
                that("has the status -1", "UNKNOWN", (peer, stream, _) -> peer.refuse(stream, "grpc-status", "-1")),
                that(
                        "has a status that is not an int",
                        "UNKNOWN",
                        (peer, stream, _) -> peer.refuse(stream, "grpc-status", "2147483648")),
                that("has an empty status", "UNKNOWN", (peer, stream, _) -> peer.refuse(stream, "grpc-status", "")),
                that("has no status", "INTERNAL", (peer, stream, _) -> peer.refuse(stream)),
                that(
                        "is OK without a message",
                        "INTERNAL CANCELLED UNIMPLEMENTED",
                        (peer, stream, _) -> peer.refuse(stream, "grpc-status", "0")),
                that(
                        "has details that are not any",
                        "NOT_FOUND",
                        (peer, stream, _) ->
                                peer.refuse(stream, "grpc-status", "5", "grpc-status-details-bin", "AAAA")),
                that(
                        "has trailers that are not Base64",
                        "INTERNAL",
                        (peer, stream, _) ->
                                peer.refuse(stream, "grpc-status", "5", "grpc-status-details-bin", "%%%")));
    }

    private static List<Hostility> messages() {
        return List.of(
                that("answers twice", "INTERNAL CANCELLED UNIMPLEMENTED", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.message(stream, "one");
                    peer.message(stream, "two");
                    peer.trailers(stream, "grpc-status", "0");
                }),
                that("ends within a prefix", "INTERNAL", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, new byte[] {0, 0, 0}, false);
                    peer.trailers(stream, "grpc-status", "0");
                }),
                that("announces 4 GiB", "RESOURCE_EXHAUSTED", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, new byte[] {0, -1, -1, -1, -1}, false);
                }),
                that("never answers", "DEADLINE_EXCEEDED", (_, _, _) -> {}),
                that("never ends a message", "DEADLINE_EXCEEDED", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.data(stream, RawGrpc.prefixed(0, 100, new byte[50]), false);
                }),
                that("never sends its trailers", "DEADLINE_EXCEEDED", (peer, stream, _) -> {
                    peer.head(stream);
                    peer.message(stream, "whole");
                }));
    }

    /** What is allowed once, many times. */
    private static List<Hostility> floods() {
        String any = BROKEN + " RESOURCE_EXHAUSTED OK";
        return List.of(
                that("sends 10,000 empty messages", any + " CANCELLED", (peer, stream, _) -> {
                    peer.head(stream);
                    for (int i = 0; i < 10_000; i++) {
                        peer.message(stream, "");
                    }
                    peer.trailers(stream, "grpc-status", "0");
                }),
                that("sends 10,000 empty frames", any, (peer, stream, _) -> {
                    peer.head(stream);
                    for (int i = 0; i < 10_000; i++) {
                        peer.data(stream, new byte[0], false);
                    }
                    peer.message(stream, "late");
                    peer.trailers(stream, "grpc-status", "0");
                }),
                that("sends 5,000 pings", any, (peer, stream, _) -> {
                    for (int i = 0; i < 5_000; i++) {
                        peer.frame(RawGrpc.PING, 0, 0, new byte[8]);
                    }
                    peer.answer(stream, "late");
                }),
                that("sends 5,000 settings", any, (peer, stream, _) -> {
                    for (int i = 0; i < 5_000; i++) {
                        peer.frame(RawGrpc.SETTINGS, 0, 0, new byte[0]);
                    }
                    peer.answer(stream, "late");
                }),
                that("sends 1,000 informational heads", any, (peer, stream, _) -> {
                    for (int i = 0; i < 1_000; i++) {
                        peer.headers(stream, false, ":status", "103", "link", "x");
                    }
                    peer.answer(stream, "late");
                }),
                that("continues its head without an end", any, (peer, stream, _) -> {
                    byte[] field = new byte[16_000];
                    Arrays.fill(field, (byte) 0x88);
                    peer.frame(RawGrpc.HEADERS, 0, stream, new byte[] {(byte) 0x88});
                    for (int i = 0; i < 2_000; i++) {
                        peer.frame(CONTINUATION, 0, stream, field);
                    }
                }),
                that("sends a head of 4 MiB", any, (peer, stream, _) -> {
                    String[] fields = new String[40_000];
                    for (int i = 0; i < fields.length; i += 2) {
                        fields[i] = "x-" + i;
                        fields[i + 1] = "y".repeat(100);
                    }
                    peer.head(stream, Arrays.copyOf(fields, 200));
                    peer.trailers(stream, fields);
                }));
    }

    private static GrpcChannel channel(String url) {
        return GrpcChannel.builder("hostile")
                .url(url)
                .connectTimeout(Duration.ofSeconds(30))
                .maxMessageSize(10_000)
                .build();
    }

    private static String outcome(GrpcChannel channel, Duration time) {
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(time);
            String _ = ClientCalls.blockingUnaryCall(channel, Texts.UNARY, options, "x");
            return Status.Code.OK.name();
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode().name();
        }
    }

    @ParameterizedTest
    @MethodSource("hostilities")
    void aCallEndsAndTheNextOneSucceeds(Hostility hostility) throws Exception {
        boolean isSilent = hostility.outcomes().contains("DEADLINE_EXCEEDED");
        try (RawGrpcServer server = new RawGrpcServer((peer, stream, call) -> {
                    if (call == 1) {
                        hostility.script().answer(peer, stream, call);
                    } else {
                        peer.answer(stream, "right");
                    }
                });
                GrpcChannel channel = channel("http://127.0.0.1:" + server.port())) {
            assertThat(outcome(channel, isSilent ? Duration.ofSeconds(1) : Duration.ofSeconds(30)))
                    .isIn(hostility.outcomes());

            assertThat(outcome(channel, Duration.ofSeconds(30))).isEqualTo("OK");
        }
    }

    @Test
    void aServerThatSendsAGoAwayOnEveryConnectionIsNotCalledForEver() throws Exception {
        try (RawGrpcServer server = new RawGrpcServer((peer, _, _) -> peer.goAway(0));
                GrpcChannel channel = channel("http://127.0.0.1:" + server.port())) {
            assertThat(outcome(channel, Duration.ofSeconds(30))).isEqualTo("UNAVAILABLE");
            assertThat(server.calls.get()).isBetween(1, 4);
        }
    }

    @Test
    void aServerThatAcceptsConnectionsAndIsSilentDoesNotHoldCalls() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                GrpcChannel channel = channel("http://127.0.0.1:" + silent.getLocalPort())) {
            assertThat(outcome(channel, Duration.ofSeconds(1))).isEqualTo("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void aDiscoveryThatFindsNothingOrFailsMakesCallsUnavailable() {
        ServiceDiscovery nothing = List::of;
        ServiceDiscovery failing = () -> {
            throw new IOException("expected by the test");
        };
        ServiceDiscovery broken = () -> {
            throw new IllegalStateException("expected by the test");
        };
        for (ServiceDiscovery each : List.of(nothing, failing, broken)) {
            try (GrpcChannel channel = GrpcChannel.builder("hostile")
                    .url("http://hostile:80")
                    .discovery(each)
                    .build()) {
                assertThat(outcome(channel, Duration.ofSeconds(30))).isEqualTo("UNAVAILABLE");
            }
        }
    }
}
