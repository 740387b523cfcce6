package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.lynx.grpc.RawGrpc.Answer;
import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients can do wrong below gRPC's own client: each has its code, and others are served meanwhile. */
class BadInputTest {
    private static final String UNARY = "/test.v1.Texts/Unary";
    private static final String SERVER = "/test.v1.Texts/Server";
    private static final String BIDI = "/test.v1.Texts/Bidi";

    private final GrpcTestServer server =
            GrpcTestServer.of(new TextService(), "lynx.grpc.max_message_size", "100KiB", "lynx.http.linger", "10ms");

    @AfterEach
    void isServingAndHoldsNothing() throws Exception {
        assertThat(server.unary("others are served")).isEqualTo("others are served");
        Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
        server.close();
    }

    private static String code(Status.Code code) {
        return Integer.toString(code.value());
    }

    private Answer call(byte[] body, String... headers) throws IOException {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.call(1, UNARY, body, headers);
            return client.await(1);
        }
    }

    @Test
    void aCorrectCallForComparison() throws Exception {
        Answer answer = call(RawGrpc.message(0, "hello"));

        assertThat(answer.headers)
                .containsEntry(":status", "200")
                .containsEntry("content-type", "application/grpc")
                .containsEntry("grpc-status", "0");
        assertThat(answer.body.toByteArray()).isEqualTo(RawGrpc.message(0, "hello"));
    }

    @Test
    void aMessageThatIsCutOff() throws Exception {
        assertThat(call(RawGrpc.prefixed(0, 100, new byte[50])).status()).isEqualTo(code(Status.Code.INTERNAL));
        assertThat(call(new byte[] {0, 0, 0}).status()).isEqualTo(code(Status.Code.INTERNAL));
    }

    @Test
    void noMessageAndTwoMessages() throws Exception {
        assertThat(call(new byte[0]).status()).isEqualTo(code(Status.Code.INTERNAL));
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(RawGrpc.message(0, "one"));
        two.writeBytes(RawGrpc.message(0, "two"));
        assertThat(call(two.toByteArray()).status()).isEqualTo(code(Status.Code.INTERNAL));
    }

    @Test
    void aFlagThatIsNone() throws Exception {
        assertThat(call(RawGrpc.message(2, "hello")).status()).isEqualTo(code(Status.Code.INTERNAL));
        assertThat(call(RawGrpc.message(255, "hello")).status()).isEqualTo(code(Status.Code.INTERNAL));
    }

    @ParameterizedTest
    @ValueSource(ints = {100 * 1024 + 1, Integer.MAX_VALUE, -1})
    void anAnnouncedLengthOverTheLimitTakesNoMemory(int length) throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, UNARY, 0);
            client.data(1, RawGrpc.prefixed(0, length, new byte[10]), 0);

            assertThat(client.await(1).status()).isEqualTo(code(Status.Code.RESOURCE_EXHAUSTED));
        }
    }

    @Test
    void compressedWithoutANameAndWithAnUnknownOne() throws Exception {
        assertThat(call(RawGrpc.message(1, "hello")).status()).isEqualTo(code(Status.Code.INTERNAL));
        Answer unknown = call(RawGrpc.message(0, "hello"), "grpc-encoding", "lzw");
        assertThat(unknown.status()).isEqualTo(code(Status.Code.UNIMPLEMENTED));
        assertThat(unknown.headers).containsEntry("grpc-accept-encoding", "gzip");
    }

    @Test
    void compressedGarbageAndABomb() throws Exception {
        assertThat(call(RawGrpc.message(1, "this is not gzip"), "grpc-encoding", "gzip")
                        .status())
                .isEqualTo(code(Status.Code.INTERNAL));
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[50_000_000]);
        }
        byte[] body = RawGrpc.prefixed(1, bomb.size(), bomb.toByteArray());
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, UNARY, 0, "grpc-encoding", "gzip");
            for (int at = 0; at < body.length; at += 16_000) {
                byte[] part = Arrays.copyOfRange(body, at, Math.min(body.length, at + 16_000));
                client.data(1, part, at + 16_000 >= body.length ? RawGrpc.END_STREAM : 0);
            }
            assertThat(client.await(1).status()).isEqualTo(code(Status.Code.RESOURCE_EXHAUSTED));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "grpc-timeout,soon",
        "grpc-timeout,-1S",
        "grpc-timeout,123456789S",
        "grpc-timeout,5",
        "x-bin,a*b",
        "x-bin,YQ=b"
    })
    void malformedMetadata(String name, String value) throws Exception {
        assertThat(call(RawGrpc.message(0, "hello"), name, value).status()).isEqualTo(code(Status.Code.INTERNAL));
    }

    @Test
    void metadataThatGrpcCannotHaveIsLeftOut() throws Exception {
        assertThat(call(RawGrpc.message(0, "hello"), "x!y", "value").status()).isEqualTo(code(Status.Code.OK));
    }

    @ParameterizedTest
    @CsvSource({"0n,4", "0S,4", "1n,4", "99999999H,0", "99999999S,0"})
    void deadlines(String timeout, String status) throws Exception {
        assertThat(call(RawGrpc.message(0, "hello"), "grpc-timeout", timeout).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/grpc-web", "application/grpcx", ""})
    void aContentTypeThatIsNotGrpc(String type) throws Exception {
        assertThat(call(RawGrpc.message(0, "hello"), "content-type", type).headers)
                .doesNotContainEntry(":status", "200")
                .doesNotContainKey("grpc-status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc+proto", "application/grpc;charset=utf-8", "Application/GRPC"})
    void aContentTypeOfGrpc(String type) throws Exception {
        assertThat(call(RawGrpc.message(0, "hello"), "content-type", type).status())
                .isEqualTo(code(Status.Code.OK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/x", "//", "/test.v1.Texts/", "/test.v1.Texts", "/test.v1.Texts/Unary/x", "*"})
    void pathsThatAreNotMethods(String path) throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.call(1, path, RawGrpc.message(0, "hello"));
            Answer answer = client.await(1);
            assertThat(answer.status()).isIn(code(Status.Code.UNIMPLEMENTED), "none");
        }
    }

    @Test
    void resetsInEveryState() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawGrpc client = new RawGrpc(server.port())) {
                client.head(1, BIDI, 0);
                client.reset(1);
                client.head(3, BIDI, 0);
                client.data(3, RawGrpc.prefixed(0, 100, new byte[50]), 0);
                client.reset(3);
                client.call(5, UNARY, RawGrpc.message(0, "hello"));
                client.reset(5);
                client.head(7, BIDI, 0);
                client.data(7, RawGrpc.message(0, "hello"), 0);
                client.reset(7);
                client.call(9, UNARY, RawGrpc.message(0, "last"));
                assertThat(client.await(9).status()).isEqualTo("0");
            }
        }
    }

    @Test
    void clientsThatGoAwayInTheMiddle() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (RawGrpc client = new RawGrpc(server.port())) {
                client.head(1, BIDI, 0);
                client.data(1, RawGrpc.prefixed(0, 100, new byte[50]), 0);
                client.head(3, UNARY, 0);
                client.call(5, SERVER, RawGrpc.message(0, "a b c"));
            }
        }
    }

    @Test
    void aStreamWhoseClientHasClosedItsHalfIsAnswered() throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, BIDI, RawGrpc.END_STREAM);
            client.head(3, BIDI, 0);
            client.data(3, RawGrpc.message(0, "a"), 0);
            client.data(3, new byte[0], RawGrpc.END_STREAM);

            assertThat(client.await(1).status()).isEqualTo(code(Status.Code.OK));
            RawGrpc.Answer whole = client.await(3);
            assertThat(whole.status()).isEqualTo(code(Status.Code.OK));
            assertThat(whole.body.toByteArray()).isEqualTo(RawGrpc.message(0, "a"));
        }
    }

    @Test
    void aConnectionThatItsClientClosesByHalfInTheMiddleOfRequests() throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, BIDI, 0);
            client.data(1, RawGrpc.prefixed(0, 100, new byte[50]), 0);
            client.head(3, UNARY, 0);
            client.halfClose();

            assertThat(client.await(1).status()).isNotEqualTo(code(Status.Code.OK));
            assertThat(client.await(3).status()).isNotEqualTo(code(Status.Code.OK));
        }
    }

    @Test
    void moreStreamsThanAllowed() throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                client.head(2 * i + 1, BIDI, 0);
            }
            client.call(601, UNARY, RawGrpc.message(0, "x"));
            boolean _ = client.await(601).hasEnded;
            for (Answer answer : client.answers.values()) {
                refused += answer.reset == 7 ? 1 : 0;
            }
            assertThat(refused).isBetween(50, 51);
        }
    }

    @Test
    void aClientThatNeverReads() throws Exception {
        String text = "word ".repeat(15_000);
        try (RawGrpc client = new RawGrpc(server.port(), 0)) {
            for (int i = 0; i < 50; i++) {
                client.call(2 * i + 1, SERVER, RawGrpc.message(0, text.substring(0, 10_000)));
            }
            assertThat(server.unary("others")).isEqualTo("others");
        }
    }

    @Test
    void aResetWhileMessagesWaitForTheService() throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            client.head(1, "/test.v1.Texts/Stuck", 0);
            for (int i = 0; i < 6; i++) {
                client.data(1, RawGrpc.message(0, "x".repeat(10_000)), 0);
            }
            client.reset(1);
            client.call(3, UNARY, RawGrpc.message(0, "next"));

            assertThat(client.await(3).status()).isEqualTo(code(Status.Code.OK));
        }
    }

    @Test
    void manySmallMessagesThatNobodyTakes() throws Exception {
        try (RawGrpc client = new RawGrpc(server.port())) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 3000; i++) {
                many.writeBytes(RawGrpc.message(0, ""));
            }
            client.call(1, UNARY, many.toByteArray());

            assertThat(client.await(1).status()).isEqualTo(code(Status.Code.INTERNAL));
        }
    }
}
