package io.lynx.http;

import static io.lynx.http.Http2Script.ACK;
import static io.lynx.http.Http2Script.CONTINUATION;
import static io.lynx.http.Http2Script.DATA;
import static io.lynx.http.Http2Script.END_HEADERS;
import static io.lynx.http.Http2Script.END_STREAM;
import static io.lynx.http.Http2Script.GOAWAY;
import static io.lynx.http.Http2Script.HEADERS;
import static io.lynx.http.Http2Script.PADDED;
import static io.lynx.http.Http2Script.PING;
import static io.lynx.http.Http2Script.PRIORITY;
import static io.lynx.http.Http2Script.PUSH_PROMISE;
import static io.lynx.http.Http2Script.RST_STREAM;
import static io.lynx.http.Http2Script.SETTINGS;
import static io.lynx.http.Http2Script.WINDOW_UPDATE;
import static io.lynx.http.Http2Script.WITH_PRIORITY;
import static io.lynx.http.Http2Script.fields;
import static io.lynx.http.Http2Script.ints;
import static io.lynx.http.Http2Script.join;
import static io.lynx.http.Http2Script.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 147 cases of the conformance suite h2spec, generic, HTTP/2 and HPACK, strict ones included, expressed by frames of our own. A
 * stream error may be answered by an error of the connection, and an error of the connection by its end (RFC 9113, 5.4).
 */
class Http2ConformanceTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;

    private static final int TABLE_SIZE = 1;
    private static final int PUSH = 2;
    private static final int CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW = 4;
    private static final int FRAME_SIZE = 5;

    private static final int LARGEST = Integer.MAX_VALUE;
    private static TestServer server;

    /** Sends the frames of a case; the result has no meaning. */
    @FunctionalInterface
    private interface Frames {
        Object send(Http2Script client) throws Exception;
    }

    @FunctionalInterface
    interface Script {
        /** Sends the frames of a case; returns its outcome. */
        String play(Http2Script client) throws Exception;
    }

    @SuppressWarnings("ArrayRecordComponent") // Written once and never compared.
    record Case(String name, int[] settings, Script script, List<String> allowed) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final class Table {
        private final List<Case> cases = new ArrayList<>();
        private String section = "";

        void section(String name) {
            section = name + ": ";
        }

        private void add(String name, Script script, String... allowed) {
            cases.add(new Case(section + name, new int[0], script, List.of(allowed)));
        }

        private void with(int[] settings, String name, Script script, String... allowed) {
            cases.add(new Case(section + name, settings, script, List.of(allowed)));
        }

        void answered(String name, Script script) {
            add(name, script, "answered");
        }

        void alive(String name, Frames frames) {
            add(
                    name,
                    client -> {
                        Object _ = frames.send(client);
                        return client.ping().pong();
                    },
                    "pong");
        }

        void aliveOrClosed(String name, Frames frames) {
            add(
                    name,
                    client -> {
                        Object _ = frames.send(client);
                        return client.ping().pong();
                    },
                    "pong",
                    "closed");
        }

        void connectionError(String name, Frames frames, int... codes) {
            error(name, frames, false, codes);
        }

        void streamError(String name, Frames frames, int... codes) {
            error(name, frames, true, codes);
        }

        private void error(String name, Frames frames, boolean mayReset, int... codes) {
            List<String> allowed = new ArrayList<>(List.of("closed"));
            for (int code : codes) {
                allowed.add("GOAWAY " + code);
                if (mayReset) {
                    allowed.add("RST_STREAM " + code);
                }
            }
            cases.add(new Case(
                    section + name,
                    new int[0],
                    client -> {
                        Object _ = frames.send(client);
                        return client.error();
                    },
                    allowed));
        }
    }

    @BeforeAll
    static void open() {
        server = TestServer.with(http -> http.get("/", (_, response) -> response.send("hello"))
                .post("/", (request, response) -> response.send(request.text())));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void behavesAsAllowed(Case played) throws Exception {
        try (Http2Script client = Http2Script.greeted(server.port(), played.settings())) {
            String outcome = played.script().play(client);

            assertThat(played.allowed()).contains(outcome);
        }
        assertThat(server.get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void allCasesAreThere() {
        assertThat(cases()).hasSize(147).extracting(Case::name).doesNotHaveDuplicates();
    }

    static List<Case> cases() {
        Table table = new Table();
        generic(table);
        genericCompression(table);
        compression(table);
        framing(table);
        streams(table);
        dataAndHeaders(table);
        otherFrames(table);
        flowControl(table);
        messages(table);
        return table.cases;
    }

    private static void generic(Table table) {
        table.section("generic");
        table.alive("preface and settings", client -> "");
        table.alive("PRIORITY on an idle stream", client -> client.priority(1, 0, 256));
        table.with(
                new int[] {INITIAL_WINDOW, 0},
                "WINDOW_UPDATE on a half-closed stream",
                client -> client.get(1).windowUpdate(1, 1).firstData(1),
                "data of 1 bytes");
        table.with(
                new int[] {INITIAL_WINDOW, 0},
                "PRIORITY on a half-closed stream",
                client -> client.get(1).priority(1, 0, 256).windowUpdate(1, 1).firstData(1),
                "data of 1 bytes");
        table.aliveOrClosed(
                "RST_STREAM on a half-closed stream", client -> client.get(1).reset(1, CANCEL));
        table.alive("PRIORITY on a closed stream", client -> {
            client.get(1).answer(1);
            return client.priority(1, 0, 256);
        });
        byte[] block = request("GET");
        table.answered("CONTINUATION", client -> client.frame(HEADERS, END_STREAM, 1, part(block, 0, 5))
                .frame(CONTINUATION, END_HEADERS, 1, part(block, 5, block.length))
                .answer(1));
        table.answered("several CONTINUATION", client -> client.frame(HEADERS, END_STREAM, 1, part(block, 0, 5))
                .frame(CONTINUATION, 0, 1, part(block, 5, 10))
                .frame(CONTINUATION, END_HEADERS, 1, part(block, 10, block.length))
                .answer(1));
        table.answered(
                "DATA", client -> client.post(1).data(1, END_STREAM, "test").answer(1));
        table.answered("several DATA", client -> client.post(1)
                .data(1, 0, "test")
                .data(1, END_STREAM, "test")
                .answer(1));
        table.answered("DATA with padding", client -> client.post(1)
                .frame(DATA, END_STREAM | PADDED, 1, join(new byte[] {5}, bytes("test\0\0\0\0\0")))
                .answer(1));
        table.answered("HEADERS", client -> client.get(1).answer(1));
        table.answered("HEADERS with padding", client -> client.frame(
                        HEADERS, END_STREAM | END_HEADERS | PADDED, 1, join(join(new byte[] {5}, block), new byte[5]))
                .answer(1));
        table.answered("HEADERS with priority", client -> client.frame(
                        HEADERS, END_STREAM | END_HEADERS | WITH_PRIORITY, 1, join(join(ints(0), (byte) 255), block))
                .answer(1));
        table.answered(
                "PRIORITY of weight 1",
                client -> client.priority(1, 0, 1).get(1).answer(1));
        table.answered(
                "PRIORITY of weight 256",
                client -> client.priority(1, 0, 256).get(1).answer(1));
        table.answered(
                "PRIORITY with a dependency",
                client -> client.priority(3, 1, 256).get(1).answer(1));
        table.answered(
                "PRIORITY that is exclusive",
                client -> client.priority(1, 1 << 31, 256).get(1).answer(1));
        table.answered(
                "PRIORITY of a later stream first",
                client -> client.priority(3, 0, 256).get(1).answer(1));
        table.aliveOrClosed("RST_STREAM", client -> client.post(1).reset(1, CANCEL));
        table.alive("SETTINGS", client -> client.settingsAcknowledged(CONCURRENT_STREAMS, 100, INITIAL_WINDOW, 65535));
        table.alive("PING", client -> "");
        table.aliveOrClosed("GOAWAY", client -> client.frame(GOAWAY, 0, 0, join(ints(0, 0), bytes("text"))));
        table.alive("WINDOW_UPDATE of the connection", client -> client.windowUpdate(0, 1));
        table.answered(
                "WINDOW_UPDATE of a stream",
                client -> client.get(1).windowUpdate(1, 1).answer(1));
        table.answered("GET", client -> client.get(1).answer(1));
        table.answered("HEAD", client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, request("HEAD"))
                .answer(1));
        table.answered(
                "POST", client -> client.post(1).data(1, END_STREAM, "test").answer(1));
        table.answered("POST with trailers", client -> client.post(1, fields("trailer", "x-test"))
                .data(1, 0, "test")
                .frame(HEADERS, END_STREAM | END_HEADERS, 1, fields("x-test", "ok"))
                .answer(1));
    }

    private static void genericCompression(Table table) {
        table.section("generic HPACK");
        // user-agent has the index 58 of the static table.
        hpack(table, "indexed field", "84");
        hpack(table, "incremental indexing, indexed name", "7a 04 74657374");
        hpack(table, "incremental indexing, indexed name, Huffman", "7a 8c f1e3c2e5f23a6ba0ab90f4ff");
        hpack(table, "incremental indexing, new name", "40 04 74657374 02 6f6b");
        hpack(table, "incremental indexing, new name, Huffman", "40 88 25a849e95ba97d7f 89 25a849e95bb8e8b4bf");
        hpack(table, "without indexing, indexed name", "0f 2b 04 74657374");
        hpack(table, "without indexing, indexed name, Huffman", "0f 2b 8c f1e3c2e5f23a6ba0ab90f4ff");
        hpack(table, "without indexing, new name", "00 04 74657374 02 6f6b");
        hpack(table, "without indexing, new name, Huffman", "00 88 25a849e95ba97d7f 89 25a849e95bb8e8b4bf");
        hpack(table, "never indexed, indexed name", "1f 2b 04 74657374");
        hpack(table, "never indexed, indexed name, Huffman", "1f 2b 8c f1e3c2e5f23a6ba0ab90f4ff");
        hpack(table, "never indexed, new name", "10 04 74657374 02 6f6b");
        hpack(table, "never indexed, new name, Huffman", "10 88 25a849e95ba97d7f 89 25a849e95bb8e8b4bf");
        table.answered("table size update", client -> client.frame(
                        HEADERS, END_STREAM | END_HEADERS, 1, join(hex("3f e1 01"), request("GET")))
                .answer(1));
        table.answered("two table size updates", client -> client.frame(
                        HEADERS, END_STREAM | END_HEADERS, 1, join(hex("20 3f e1 01"), request("GET")))
                .answer(1));
    }

    private static void hpack(Table table, String name, String field) {
        // An indexed ":path: /" is part of the request; all others follow it.
        byte[] head = field.equals("84")
                ? join(fields(":method", "GET", ":scheme", "http", ":authority", "localhost"), hex(field))
                : join(request("GET"), hex(field));
        table.answered(name, client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head)
                .answer(1));
    }

    private static void compression(Table table) {
        table.section("HPACK");
        compressionError(table, "indexed field beyond the tables", hex("ff 80 01"));
        compressionError(table, "literal with a name beyond the tables", hex("7f 80 01 04 74657374"));
        compressionError(table, "table size update at the end of a block", hex("3f e1 01"));
        compressionError(table, "Huffman padding of more than 7 bits", hex("00 85 f2b24a84ff 84 49509fff"));
        compressionError(table, "Huffman padding of zeros", hex("00 85 f2b24a84ff 83 49509c"));
        compressionError(table, "Huffman string with EOS", hex("00 85 f2b24a84ff 87 49513fffffffffff"));
        compressionError(table, "indexed field 0", hex("80"));
        table.connectionError(
                "table size update above the limit",
                client ->
                        client.frame(HEADERS, END_STREAM | END_HEADERS, 1, join(hex("3f e2 ff ff 7f"), request("GET"))),
                COMPRESSION_ERROR);
    }

    private static void compressionError(Table table, String name, byte[] field) {
        table.connectionError(
                name,
                client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, join(request("GET"), field)),
                COMPRESSION_ERROR);
    }

    private static void framing(Table table) {
        table.section("3.5");
        table.alive("preface", client -> "");
        table.add(
                "invalid preface",
                _ -> {
                    try (Http2Script other = new Http2Script(server.port())) {
                        return other.raw(bytes("INVALID CONNECTION PREFACE\r\n\r\n"))
                                .end();
                    }
                },
                "closed");
        table.section("4");
        table.alive("unknown frame type", client -> client.frame(0x16, 0, 0, new byte[8]));
        table.alive("undefined flag", client -> client.frame(PING, 0x16, 0, new byte[8]));
        table.alive("reserved bit", client -> client.frame(PING, 0x16, 1 << 31, new byte[8]));
        table.answered("DATA of 2^14 bytes", client -> client.post(1)
                .data(1, END_STREAM, "x".repeat(1 << 14))
                .answer(1));
        table.streamError(
                "DATA above the frame size",
                client -> client.post(1).data(1, END_STREAM, "x".repeat((1 << 14) + 1)),
                FRAME_SIZE_ERROR);
        byte[] large = join(request("GET"), new byte[1 << 14]);
        table.connectionError(
                "HEADERS above the frame size",
                client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, large),
                FRAME_SIZE_ERROR);
        table.connectionError(
                "invalid header block",
                client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, hex("40")),
                COMPRESSION_ERROR);
        table.connectionError(
                "PRIORITY within a header block",
                client -> client.frame(HEADERS, 0, 1, request("GET"))
                        .priority(1, 0, 256)
                        .frame(CONTINUATION, END_HEADERS, 1, fields("x-test", "ok")),
                PROTOCOL_ERROR);
        table.connectionError(
                "HEADERS of another stream within a header block",
                client -> client.frame(HEADERS, 0, 1, request("GET"))
                        .get(3)
                        .frame(CONTINUATION, END_HEADERS, 1, fields("x-test", "ok")),
                PROTOCOL_ERROR);
    }

    private static void streams(Table table) {
        table.section("5.1 idle");
        table.streamError("DATA", client -> client.data(1, END_STREAM, "test"), PROTOCOL_ERROR, STREAM_CLOSED);
        table.connectionError("RST_STREAM", client -> client.reset(1, CANCEL), PROTOCOL_ERROR);
        table.connectionError("WINDOW_UPDATE", client -> client.windowUpdate(1, 100), PROTOCOL_ERROR);
        table.connectionError(
                "CONTINUATION", client -> client.frame(CONTINUATION, END_HEADERS, 1, request("GET")), PROTOCOL_ERROR);
        table.section("5.1 half-closed");
        table.streamError("DATA", client -> client.get(1).data(1, END_STREAM, "test"), STREAM_CLOSED);
        table.streamError("HEADERS", client -> client.get(1).get(1), STREAM_CLOSED);
        table.streamError(
                "CONTINUATION",
                client -> client.get(1).frame(CONTINUATION, END_HEADERS, 1, fields("x-test", "ok")),
                STREAM_CLOSED,
                PROTOCOL_ERROR);
        table.section("5.1 closed");
        table.streamError(
                "DATA after RST_STREAM",
                client -> client.post(1).reset(1, CANCEL).data(1, END_STREAM, "test"),
                STREAM_CLOSED);
        table.streamError(
                "HEADERS after RST_STREAM",
                client -> client.post(1).reset(1, CANCEL).get(1),
                STREAM_CLOSED);
        table.streamError(
                "CONTINUATION after RST_STREAM",
                client -> client.post(1).reset(1, CANCEL).frame(CONTINUATION, END_HEADERS, 1, fields("x-test", "ok")),
                STREAM_CLOSED,
                PROTOCOL_ERROR);
        table.streamError(
                "DATA",
                client -> {
                    client.get(1).answer(1);
                    return client.data(1, END_STREAM, "test");
                },
                STREAM_CLOSED);
        table.connectionError(
                "HEADERS",
                client -> {
                    client.get(1).answer(1);
                    return client.get(1);
                },
                STREAM_CLOSED);
        table.connectionError(
                "CONTINUATION",
                client -> {
                    client.get(1).answer(1);
                    return client.frame(CONTINUATION, END_HEADERS, 1, fields("x-test", "ok"));
                },
                STREAM_CLOSED,
                PROTOCOL_ERROR);
        table.section("5.1.1");
        table.connectionError("even stream", client -> client.get(2), PROTOCOL_ERROR);
        table.connectionError(
                "stream below the one before",
                client -> {
                    client.get(5).answer(5);
                    return client.get(3);
                },
                PROTOCOL_ERROR);
        table.section("5.1.2");
        table.streamError(
                "more streams than announced",
                client -> {
                    for (int stream = 1; stream <= 2 * 251; stream += 2) {
                        client.post(stream);
                    }
                    return "";
                },
                PROTOCOL_ERROR,
                REFUSED_STREAM);
        table.section("5.3.1");
        table.streamError(
                "HEADERS that depends on itself",
                client -> client.frame(
                        HEADERS,
                        END_STREAM | END_HEADERS | WITH_PRIORITY,
                        1,
                        join(join(ints(1), (byte) 255), request("GET"))),
                PROTOCOL_ERROR);
        table.streamError("PRIORITY that depends on itself", client -> client.priority(2, 2, 256), PROTOCOL_ERROR);
        table.section("5.4.1");
        table.add(
                "a connection error closes",
                client -> client.frame(PING, 0, 3, new byte[8]).end(),
                "closed");
        table.connectionError(
                "a connection error sends GOAWAY", client -> client.frame(PING, 0, 3, new byte[8]), PROTOCOL_ERROR);
        table.section("5.5");
        table.alive("extension frame", client -> client.frame(0xee, 0, 0, new byte[8]));
        table.connectionError(
                "extension frame within a header block",
                client -> client.frame(HEADERS, END_STREAM, 1, request("GET")).frame(0xee, 0, 0, new byte[8]),
                PROTOCOL_ERROR);
    }

    private static void dataAndHeaders(Table table) {
        byte[] more = fields("x-test", "ok");
        table.section("6.1");
        table.connectionError("DATA on stream 0", client -> client.data(0, END_STREAM, "test"), PROTOCOL_ERROR);
        table.streamError(
                "DATA on a stream that is not open",
                client -> client.get(1).data(1, END_STREAM, "test"),
                STREAM_CLOSED);
        table.connectionError(
                "DATA with more padding than payload",
                client -> client.post(1).frame(DATA, END_STREAM | PADDED, 1, join(new byte[] {6}, bytes("test"))),
                PROTOCOL_ERROR);
        table.section("6.2");
        table.connectionError(
                "HEADERS without END_HEADERS, then PRIORITY",
                client -> client.frame(HEADERS, 0, 1, request("GET"))
                        .priority(1, 0, 256)
                        .frame(CONTINUATION, END_HEADERS, 1, more),
                PROTOCOL_ERROR);
        table.connectionError(
                "HEADERS without END_HEADERS, then HEADERS",
                client -> client.frame(HEADERS, 0, 1, request("GET")).get(3).frame(CONTINUATION, END_HEADERS, 1, more),
                PROTOCOL_ERROR);
        table.connectionError("HEADERS on stream 0", client -> client.get(0), PROTOCOL_ERROR);
        table.streamError(
                "HEADERS with more padding than payload",
                client -> client.frame(
                        HEADERS,
                        END_STREAM | END_HEADERS | PADDED,
                        1,
                        join(new byte[] {(byte) (request("GET").length + 1)}, request("GET"))),
                PROTOCOL_ERROR);
        table.section("6.3");
        table.connectionError("PRIORITY on stream 0", client -> client.priority(0, 0, 256), PROTOCOL_ERROR);
        table.streamError(
                "PRIORITY of 4 bytes", client -> client.get(1).frame(PRIORITY, 0, 1, new byte[4]), FRAME_SIZE_ERROR);
        table.section("6.10");
        table.answered("several CONTINUATION", client -> client.frame(HEADERS, END_STREAM, 1, request("GET"))
                .frame(CONTINUATION, 0, 1, more)
                .frame(CONTINUATION, END_HEADERS, 1, more)
                .answer(1));
        table.connectionError(
                "CONTINUATION, then DATA",
                client -> client.frame(HEADERS, 0, 1, request("POST"))
                        .frame(CONTINUATION, 0, 1, more)
                        .data(1, END_STREAM, "test"),
                PROTOCOL_ERROR);
        table.connectionError(
                "CONTINUATION on stream 0",
                client ->
                        client.frame(HEADERS, END_STREAM, 1, request("GET")).frame(CONTINUATION, END_HEADERS, 0, more),
                PROTOCOL_ERROR);
        table.connectionError(
                "CONTINUATION after HEADERS with END_HEADERS",
                client -> client.get(1).frame(CONTINUATION, END_HEADERS, 1, more),
                PROTOCOL_ERROR);
        table.connectionError(
                "CONTINUATION after CONTINUATION with END_HEADERS",
                client -> client.frame(HEADERS, END_STREAM, 1, request("GET"))
                        .frame(CONTINUATION, END_HEADERS, 1, more)
                        .frame(CONTINUATION, END_HEADERS, 1, more),
                PROTOCOL_ERROR);
        table.connectionError(
                "CONTINUATION after DATA",
                client -> client.post(1).data(1, END_STREAM, "test").frame(CONTINUATION, 0, 1, more),
                PROTOCOL_ERROR);
    }

    private static void otherFrames(Table table) {
        table.section("6.4");
        table.connectionError("RST_STREAM on stream 0", client -> client.reset(0, CANCEL), PROTOCOL_ERROR);
        table.connectionError("RST_STREAM on an idle stream", client -> client.reset(1, CANCEL), PROTOCOL_ERROR);
        table.streamError(
                "RST_STREAM of 3 bytes",
                client -> client.post(1).frame(RST_STREAM, 0, 1, new byte[3]),
                FRAME_SIZE_ERROR);
        table.section("6.5");
        table.connectionError(
                "SETTINGS acknowledgement with a payload",
                client -> client.frame(SETTINGS, ACK, 0, new byte[6]),
                FRAME_SIZE_ERROR);
        table.connectionError(
                "SETTINGS on a stream",
                client -> client.frame(SETTINGS, 0, 1, new byte[] {0, 3, 0, 0, 0, 100}),
                PROTOCOL_ERROR);
        table.streamError("SETTINGS of 3 bytes", client -> client.frame(SETTINGS, 0, 0, new byte[3]), FRAME_SIZE_ERROR);
        table.connectionError("ENABLE_PUSH of 2", client -> client.settings(PUSH, 2), PROTOCOL_ERROR);
        table.connectionError(
                "INITIAL_WINDOW_SIZE of 2^31", client -> client.settings(INITIAL_WINDOW, 1 << 31), FLOW_CONTROL_ERROR);
        table.connectionError(
                "MAX_FRAME_SIZE below 2^14", client -> client.settings(FRAME_SIZE, (1 << 14) - 1), PROTOCOL_ERROR);
        table.connectionError("MAX_FRAME_SIZE of 2^24", client -> client.settings(FRAME_SIZE, 1 << 24), PROTOCOL_ERROR);
        table.alive("unknown setting", client -> client.settings(0xff, 1));
        table.add(
                "the last value of a setting holds",
                client -> client.settingsAcknowledged(INITIAL_WINDOW, 100, INITIAL_WINDOW, 1)
                        .get(1)
                        .firstData(1),
                "data of 1 bytes");
        table.alive("SETTINGS are acknowledged", client -> client.settingsAcknowledged(TABLE_SIZE, 4096));
        table.section("6.7");
        table.alive("PING", client -> "");
        table.alive("PING acknowledgement that was not asked for", client -> client.frame(PING, ACK, 0, new byte[8]));
        table.connectionError("PING on a stream", client -> client.frame(PING, 0, 1, new byte[8]), PROTOCOL_ERROR);
        table.connectionError("PING of 6 bytes", client -> client.frame(PING, 0, 0, new byte[6]), FRAME_SIZE_ERROR);
        table.section("6.8");
        table.connectionError("GOAWAY on a stream", client -> client.frame(GOAWAY, 0, 1, ints(0, 0)), PROTOCOL_ERROR);
        table.section("7");
        table.aliveOrClosed("GOAWAY with an unknown code", client -> client.frame(GOAWAY, 0, 0, ints(0, 0xff)));
        table.aliveOrClosed(
                "RST_STREAM with an unknown code", client -> client.post(1).reset(1, 0xff));
        table.section("8.2");
        table.connectionError(
                "PUSH_PROMISE",
                client -> client.get(1).frame(PUSH_PROMISE, END_HEADERS, 1, join(ints(3), request("GET"))),
                PROTOCOL_ERROR);
    }

    private static void flowControl(Table table) {
        table.section("6.9");
        table.connectionError("WINDOW_UPDATE of 0", client -> client.windowUpdate(0, 0), PROTOCOL_ERROR);
        table.streamError(
                "WINDOW_UPDATE of 0 on a stream", client -> client.post(1).windowUpdate(1, 0), PROTOCOL_ERROR);
        table.connectionError(
                "WINDOW_UPDATE of 3 bytes", client -> client.frame(WINDOW_UPDATE, 0, 0, new byte[3]), FRAME_SIZE_ERROR);
        table.section("6.9.1");
        table.add(
                "a window of 1",
                client -> client.settingsAcknowledged(INITIAL_WINDOW, 1).get(1).firstData(1),
                "data of 1 bytes");
        table.connectionError(
                "the connection's window above 2^31-1",
                client -> client.windowUpdate(0, LARGEST).windowUpdate(0, LARGEST),
                FLOW_CONTROL_ERROR);
        table.streamError(
                "a stream's window above 2^31-1",
                client -> client.post(1).windowUpdate(1, LARGEST).windowUpdate(1, LARGEST),
                FLOW_CONTROL_ERROR);
        table.section("6.9.2");
        table.add(
                "a window that grows after HEADERS",
                client -> client.settingsAcknowledged(INITIAL_WINDOW, 0)
                        .get(1)
                        .settings(INITIAL_WINDOW, 1)
                        .firstData(1),
                "data of 1 bytes");
        table.add(
                "a window that becomes negative",
                client -> {
                    client.settingsAcknowledged(INITIAL_WINDOW, 3).get(1).firstData(1);
                    return client.settingsAcknowledged(INITIAL_WINDOW, 2)
                            .windowUpdate(1, 2)
                            .firstData(1);
                },
                "data of 1 bytes");
        table.connectionError(
                "an initial window above 2^31-1",
                client -> client.settings(INITIAL_WINDOW, 1 << 31),
                FLOW_CONTROL_ERROR);
    }

    private static void messages(Table table) {
        table.section("8.1");
        table.streamError(
                "second HEADERS without END_STREAM",
                client -> client.post(1).data(1, 0, "test").frame(HEADERS, END_HEADERS, 1, fields("x-test", "ok")),
                PROTOCOL_ERROR);
        table.section("8.1.2");
        malformed(table, "name in upper case", join(request("GET"), fields("X-TEST", "ok")));
        malformed(table, "unknown pseudo-header", join(fields(":test", "ok"), request("GET")));
        malformed(table, "pseudo-header of answers", join(fields(":status", "200"), request("GET")));
        table.streamError(
                "pseudo-header as a trailer",
                client -> client.post(1)
                        .data(1, 0, "test")
                        .frame(HEADERS, END_HEADERS | END_STREAM, 1, fields(":method", "GET")),
                PROTOCOL_ERROR);
        malformed(
                table,
                "pseudo-header behind a field",
                join(
                        fields(":method", "GET", ":scheme", "http", ":path", "/", "x-test", "ok"),
                        fields(":authority", "localhost")));
        malformed(table, "connection-specific field", join(request("GET"), fields("connection", "keep-alive")));
        malformed(table, "TE other than trailers", join(request("GET"), fields("te", "trailers, deflate")));
        malformed(table, "empty path", fields(":method", "GET", ":scheme", "http", ":path", "", ":authority", "a"));
        malformed(table, "no method", fields(":scheme", "http", ":path", "/", ":authority", "a"));
        malformed(table, "no scheme", fields(":method", "GET", ":path", "/", ":authority", "a"));
        malformed(table, "no path", fields(":method", "GET", ":scheme", "http", ":authority", "a"));
        malformed(table, "method twice", join(fields(":method", "GET"), request("GET")));
        malformed(table, "scheme twice", join(fields(":scheme", "http"), request("GET")));
        malformed(table, "path twice", join(fields(":path", "/"), request("GET")));
        table.section("8.1.2.6");
        table.streamError(
                "content-length that differs from DATA",
                client -> client.post(1, fields("content-length", "1")).data(1, END_STREAM, "test"),
                PROTOCOL_ERROR);
        table.streamError(
                "content-length that differs from the sum of DATA",
                client -> client.post(1, fields("content-length", "1"))
                        .data(1, 0, "test")
                        .data(1, END_STREAM, "test"),
                PROTOCOL_ERROR);
    }

    private static void malformed(Table table, String name, byte[] block) {
        table.streamError(name, client -> client.frame(HEADERS, END_STREAM | END_HEADERS, 1, block), PROTOCOL_ERROR);
    }

    private static byte[] part(byte[] bytes, int start, int end) {
        return java.util.Arrays.copyOfRange(bytes, start, end);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
