package io.lynx.http;

import static io.lynx.http.SocketClient.BINARY;
import static io.lynx.http.SocketClient.CLOSE;
import static io.lynx.http.SocketClient.FIN;
import static io.lynx.http.SocketClient.PING;
import static io.lynx.http.SocketClient.PONG;
import static io.lynx.http.SocketClient.RSV1;
import static io.lynx.http.SocketClient.TEXT;
import static io.lynx.http.SocketClient.deflated;
import static io.lynx.http.SocketClient.frame;
import static io.lynx.http.SocketClient.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.http.websocket.WebSocketMessage;
import io.lynx.http.websocket.WebSocketOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a server that sends every message back does with frames, valid and invalid: the cases of the Autobahn test suite (sections 1 to
 * 7, 9, 12 and 13), one line each.
 */
class WebSocketFramesTest {
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final int LIMIT = 128 * 1024;
    private static final byte[] NONE = {};

    private static TestServer server = TestServer.with(_ -> {});

    /** What is sent, and the frames that the server sends; it may end the connection behind them. */
    static final class Case {
        private final String name;
        final byte[] sent;
        final List<String> expected;
        final boolean isClosed;

        Case(String name, byte[] sent, List<String> expected, boolean isClosed) {
            this.name = name;
            this.sent = sent;
            this.expected = expected;
            this.isClosed = isClosed;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        server.close();
        WebSocketOptions options =
                WebSocketOptions.defaults().withMaxMessageSize(LIMIT).withCompression();
        server = TestServer.with(http -> http.webSocket("/echo", options, socket -> {
            for (WebSocketMessage message : socket) {
                if (message.isText()) {
                    socket.send(message.text());
                } else {
                    socket.send(message.bytes());
                }
            }
        }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] all(byte[]... frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            out.writeBytes(frame);
        }
        return out.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static final byte[] END = frame(CLOSE, status(1000, ""));

    private static Case echo(String name, byte[] sent, String... expected) {
        return new Case(name, sent, List.of(expected), false);
    }

    private static Case fails(String name, int code, byte[]... sent) {
        return new Case(name, all(sent), List.of("close " + code), true);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Stream<Case> messages() {
        return Stream.of(
                echo("1.1.1 empty text", frame(TEXT, ""), "text"),
                echo("1.1.2 text of 125", frame(TEXT, "*".repeat(125)), "text " + "*".repeat(125)),
                echo("1.1.3 text of 126", frame(TEXT, "*".repeat(126)), "text " + "*".repeat(126)),
                echo("1.1.4 text of 127", frame(TEXT, "*".repeat(127)), "text " + "*".repeat(127)),
                echo("1.1.6 text of 65535", frame(TEXT, "*".repeat(65535)), "text " + "*".repeat(65535)),
                echo("1.2.1 empty bytes", frame(BINARY, NONE), "binary"),
                echo("1.2.2 bytes of 125", frame(BINARY, bytes(125, 0xfe)), "binary " + "fe".repeat(125)),
                echo("1.2.6 bytes of 65536", frame(BINARY, bytes(65536, 0xfe)), "binary " + "fe".repeat(65536)),
                echo("2.1 empty ping", frame(PING, NONE), "pong"),
                echo("2.3 ping with bytes", frame(PING, hex("00ff")), "pong 00ff"),
                echo("2.4 ping of 125", frame(PING, bytes(125, 0xfe)), "pong " + "fe".repeat(125)),
                fails("2.5 ping of 126", 1002, frame(PING, bytes(126, 0xfe))),
                echo("2.7 pong that nothing asked for", frame(PONG, NONE)),
                echo("2.9 pong and ping", all(frame(PONG, "a"), frame(PING, "b")), "pong 62"),
                fails("3.1 RSV3", 1002, frame(TEXT | 0x10, "a")),
                fails("3.2 RSV2", 1002, frame(TEXT | 0x20, "a")),
                fails("3.4 RSV1 of a continuation", 1002, frame(1, "a"), frame(FIN | RSV1, "b")),
                fails("3.5 RSV1 of a ping", 1002, frame(PING | RSV1, "a")),
                fails("3.7 RSV2 of a close frame", 1002, frame(CLOSE | 0x20, NONE)),
                fails("4.1.1 opcode 3", 1002, frame(FIN | 3, NONE)),
                fails("4.1.2 opcode 4 with payload", 1002, frame(FIN | 4, "a")),
                fails("4.1.5 opcode 7", 1002, frame(FIN | 7, "a")),
                fails("4.2.1 opcode 11", 1002, frame(FIN | 11, NONE)),
                fails("4.2.5 opcode 15", 1002, frame(FIN | 15, "a")),
                fails("5.1 fragmented ping", 1002, frame(9, "a"), frame(FIN, "b")),
                fails("5.2 fragmented pong", 1002, frame(10, "a"), frame(FIN, "b")),
                fails("5 fragmented close frame", 1002, frame(8, status(1000, ""))),
                echo("5.3 text in two fragments", all(frame(1, "ab"), frame(FIN, "c")), "text abc"),
                echo(
                        "5.6 ping between two fragments",
                        all(frame(1, "ab"), frame(PING, "p"), frame(FIN, "c")),
                        "pong 70",
                        "text abc"),
                echo("5 empty fragments", all(frame(1, ""), frame(0, ""), frame(FIN, "")), "text"),
                echo("5 bytes in three fragments", all(frame(2, "a"), frame(0, "b"), frame(FIN, "c")), "binary 616263"),
                fails("5.9 continuation without a message", 1002, frame(FIN, "a")),
                fails("5.10 fragment without a message", 1002, frame(0, "a")),
                fails("5.18 a message within another", 1002, frame(1, "a"), frame(TEXT, "b")),
                fails("a frame that is not masked", 1002, frame(TEXT, ascii("a"), false)),
                fails("a length that is not in its shortest form, 16 bits", 1002, hex("81fe 007d 00000000")),
                fails(
                        "a length that is not in its shortest form, 64 bits",
                        1002,
                        hex("81ff 0000000000000100 00000000")),
                fails("a length above 2^63", 1002, hex("82ff ffffffffffffffff 00000000")));
    }

    static Stream<Case> texts() {
        return Stream.of(
                echo(
                        "6.2 valid text in fragments of a byte",
                        all(frame(1, hex("ce")), frame(0, hex("ba")), frame(0, hex("e1bd")), frame(FIN, hex("b9"))),
                        "text \u03ba\u1f79"),
                fails("6.3.1 invalid text", 1007, frame(TEXT, hex("cebae1bdb9cf83cebcceb5eda080656469746564"))),
                fails("6.3.2 in fragments of a byte", 1007, frame(1, hex("ed")), frame(0, hex("a0"))),
                fails("6.4.1 before the message is complete", 1007, frame(1, hex("f4908080"))),
                fails("6.6 ends within a character", 1007, frame(TEXT, hex("ceba e1bd"))),
                fails(
                        "6.6 ends within a character, in fragments",
                        1007,
                        frame(1, hex("ceba e1")),
                        frame(FIN, hex("bd"))),
                echo("6.7 U+0000", frame(TEXT, hex("00")), "text \0"),
                echo("6.7 U+10FFFF", frame(TEXT, hex("f48fbfbf")), "text \udbff\udfff"),
                fails("6.8 a byte of no character", 1007, frame(TEXT, hex("fe"))),
                fails("6.10 a character of five bytes", 1007, frame(TEXT, hex("f888808080"))),
                fails("6.12 only continuations", 1007, frame(TEXT, hex("80bf80"))),
                fails("6.15 overlong slash", 1007, frame(TEXT, hex("c0af"))),
                fails("6.18 overlong null", 1007, frame(TEXT, hex("e08080"))),
                fails("6.20 a surrogate", 1007, frame(TEXT, hex("edbfbf"))),
                echo("6.21 not characters, but valid", frame(TEXT, hex("efbfbe")), "text \ufffe"),
                echo("bytes need not be text", frame(BINARY, hex("edbfbf")), "binary edbfbf"));
    }

    static Stream<Case> closes() {
        Stream<Case> valid = Stream.of(
                        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 3999, 4000, 4999)
                .map(code -> fails("7.7 code " + code, code, frame(CLOSE, status(code, "bye"))));
        Stream<Case> invalid = Stream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
                .map(code -> fails("7.9 code " + code, 1002, frame(CLOSE, status(code, ""))));
        Stream<Case> others = Stream.of(
                fails("7.1.2 two close frames", 1000, END, END),
                fails("7.1.3 a ping after the close frame", 1000, END, frame(PING, NONE)),
                fails("7.1.4 text after the close frame", 1000, END, frame(TEXT, "a")),
                new Case("7.3.1 no code", frame(CLOSE, NONE), List.of("close"), true),
                fails("7.3.2 half a code", 1002, frame(CLOSE, hex("03"))),
                fails("7.3.5 the longest reason", 1000, frame(CLOSE, status(1000, "*".repeat(123)))),
                fails("7.3.6 a reason that is too long", 1002, frame(CLOSE, status(1000, "*".repeat(124)))),
                fails("7.5.1 a reason that is not UTF-8", 1007, frame(CLOSE, hex("03e8 cebaeda080"))),
                fails("a close frame within a message", 1000, frame(1, "a"), END));
        return Stream.of(valid, invalid, others).flatMap(cases -> cases);
    }

    static Stream<Case> sizes() {
        return Stream.of(
                fails("9 a frame above the limit, refused by its head", 1009, hex("82ff 0000000000020001 00000000")),
                fails("9 a frame of a terabyte", 1009, hex("82ff 0000010000000000 00000000")),
                fails(
                        "9 fragments above the limit",
                        1009,
                        frame(2, bytes(LIMIT / 2, 1)),
                        frame(0, bytes(LIMIT / 2, 1)),
                        frame(FIN, bytes(1, 1))));
    }

    @ParameterizedTest
    @MethodSource({"messages", "texts", "closes", "sizes"})
    void areHandledAsTheProtocolRequires(Case sent) throws Exception {
        try (SocketClient client = SocketClient.open(server, "/echo")) {
            client.raw.send(sent.sent);

            assertAnswered(client, sent);
        }
    }

    private static void assertAnswered(SocketClient client, Case sent) throws IOException {
        for (String expected : sent.expected) {
            assertThat(client.read()).hasToString(expected);
        }
        if (!sent.isClosed) {
            client.raw.send(END);
            assertThat(client.rest()).containsExactly("close 1000");
        }
        assertThat(client.rest()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource({"messages", "texts", "closes"})
    void mayArriveByteByByte(Case sent) throws Exception {
        if (sent.sent.length > 400) {
            return;
        }
        try (SocketClient client = SocketClient.open(server, "/echo")) {
            for (byte b : sent.sent) {
                client.raw.send(new byte[] {b});
            }

            assertAnswered(client, sent);
        } catch (SocketException closedBeforeTheLastByte) {
            assertThat(sent.isClosed).isTrue();
        }
    }

    static Stream<Case> compressed() {
        byte[] hello = deflated(ascii("Hello"));
        byte[] half = Arrays.copyOf(hello, 3);
        byte[] rest = Arrays.copyOfRange(hello, 3, hello.length);
        return Stream.of(
                echo("RFC 7692, 7.2.3.1 one message", frame(TEXT | RSV1, hex("f248cdc9c90700")), "text Hello"),
                echo("7.2.3.1 in two fragments", all(frame(1 | RSV1, half), frame(FIN, rest)), "text Hello"),
                echo(
                        "7.2.3.3 a block without compression",
                        frame(TEXT | RSV1, hex("000500faff48656c6c6f00")),
                        "text Hello"),
                echo("7.2.3.4 a last block", frame(TEXT | RSV1, hex("f348cdc9c9070000")), "text Hello"),
                echo("7.2.3.5 two blocks", frame(TEXT | RSV1, hex("f248050000 00ffffcac9c90700")), "text Hello"),
                echo("7.2.3.6 an empty message", frame(TEXT | RSV1, hex("00")), "text"),
                echo("a message that is not compressed", frame(TEXT, "Hello"), "text Hello"),
                echo(
                        "each message on its own",
                        all(frame(TEXT | RSV1, hello), frame(TEXT | RSV1, hello)),
                        "text Hello",
                        "text Hello"),
                fails("malformed", 1007, frame(TEXT | RSV1, hex("ffffffff"))),
                fails("compressed text that is not UTF-8", 1007, frame(TEXT | RSV1, deflated(hex("edbfbf")))),
                fails("a bomb", 1009, frame(BINARY | RSV1, deflated(bytes(LIMIT + 1, 0)))),
                fails("a bomb of 40 MB", 1009, frame(BINARY | RSV1, deflated(bytes(40_000_000, 0)))),
                echo(
                        "a ping within a compressed message",
                        all(frame(1 | RSV1, half), frame(PING, "p"), frame(FIN, rest)),
                        "pong 70",
                        "text Hello"));
    }

    @ParameterizedTest
    @MethodSource("compressed")
    void mayBeCompressed(Case sent) throws Exception {
        try (SocketClient client = SocketClient.open(server, "/echo", DEFLATE)) {
            client.raw.send(sent.sent);

            assertAnswered(client, sent);
        }
    }

    @Test
    void areCompressedIfThatMakesThemSmaller() throws Exception {
        try (SocketClient client = SocketClient.open(server, "/echo", DEFLATE)) {
            client.send(BINARY | RSV1, deflated(bytes(LIMIT, 0)));

            SocketClient.Frame echoed = client.read();
            assertThat(echoed.first()).isEqualTo(BINARY | RSV1);
            assertThat(SocketClient.inflated(echoed.bytes(), LIMIT + 1)).isEqualTo(bytes(LIMIT, 0));

            byte[] random = new byte[500];
            new Random(1).nextBytes(random);
            client.send(BINARY, random);
            assertThat(client.read().first()).isEqualTo(BINARY);
            client.send(TEXT, "short");
            assertThat(client.read().first()).isEqualTo(TEXT);
        }
    }
}
