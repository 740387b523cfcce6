package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Holdings;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that break the protocol, dawdle or vanish get what they deserve, and hold nothing of the service for long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RudeClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] HTTP2_PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ServiceProcess service;
    private InetSocketAddress address;
    private Holdings base;

    @SuppressWarnings("NullAway.Init")
    RudeClientsTest() {}

    @BeforeAll
    void start() throws Exception {
        service = Services.http()
                .arguments(
                        "--lynx.http.header_timeout=2s",
                        "--lynx.http.stall_timeout=2s",
                        "--lynx.http.idle_timeout=3s",
                        "--lynx.http.request_timeout=4s")
                .start();
        address = Services.awaitHttp(service);
        // Loads what an answer and a refusal load, so that the base has it.
        for (int i = 0; i < 20; i++) {
            assertServes();
            try (var wire = new Wire(address)) {
                String _ = wire.write("nonsense\r\n\r\n").readAll();
            }
        }
        awaitConnections(0);
        base = Holdings.of(service, address);
    }

    @AfterAll
    void shutsDownCleanlyAfterwards() throws Exception {
        try (ServiceProcess last = service) {
            long _ = last.signal(Signal.TERM);
            assertThat(last.awaitExit().code()).isEqualTo(143);
            assertThat(last.output().text())
                    .doesNotContain("\"level\":\"ERROR\",\"logger\":\"io.lynx", "NullPointerException");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\\r\\n\\r\\n",
                "GET\\r\\n\\r\\n",
                "GET /work/0 HTTP/9.9\\r\\nHost: a\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\n no-name\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\nHost: a\\r\\nBad Name: b\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: -1\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1x\\r\\n\\r\\n",
                "POST /work/0 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabcd",
                "POST /work/0 HTTP/1.1\\r"
                        + "\\n"
                        + "Host: a\\r"
                        + "\\n"
                        + "Content-Length: 4\\r"
                        + "\\n"
                        + "Transfer-Encoding: chunked\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "0\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "GET /x HTTP/1.1\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n",
                "POST /work/0 HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n\\r\\n",
                "GET /work/0%zz HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\nConnection: close\\r\\n\\r\\n",
                "GET /work/0 HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n",
            })
    void malformedRequestsAreRefused(String escaped) throws Exception {
        try (var wire = new Wire(address)) {
            String answer = wire.write(escaped.translateEscapes()).readAll();

            // A connection that is only closed says "no" too; an answer says it with a 4xx or that it knows no such
            // version.
            assertThat(answer).as(answer).doesNotContain("HTTP/1.1 2", "HTTP/1.1 500");
        }
        assertHoldsNothing();
    }

    @Test
    void hugeHeadersAndLinesAreRefused() throws Exception {
        try (var wire = new Wire(address)) {
            assertThat(wire.write("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readAll())
                    .matches("(?s)HTTP/1\\.[01] 414 .*");
        }
        try (var wire = new Wire(address)) {
            assertThat(wire.write("GET /work/0 HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(1_000_000) + "\r\n\r\n")
                            .readAll())
                    .matches("(?s)HTTP/1\\.[01] 431 .*");
        }
        assertHoldsNothing();
    }

    @Test
    void otherProtocolsAreRejected() throws Exception {
        byte[] tlsHello = {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0};
        byte[] http2WithGarbage = ByteBuffer.allocate(HTTP2_PREFACE.length + 64)
                .put(HTTP2_PREFACE)
                .put("this is not a frame of settings at all, not by far".getBytes(StandardCharsets.US_ASCII))
                .array();
        for (byte[] hello : List.of(tlsHello, http2WithGarbage, new byte[4096])) {
            try (var wire = new Wire(address)) {
                assertThat(wire.write(hello).readAll()).doesNotContain("HTTP/1.1 2");
            }
        }
        assertHoldsNothing();
    }

    @Test
    void clientsThatNeverFinishAreCutOff() throws Exception {
        List<Wire> dawdlers = new ArrayList<>();
        List<String> beginnings = List.of(
                "",
                "GET /wo",
                "GET /work/0 HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                "POST /work/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
                "POST /work/0 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
        for (int i = 0; i < 100; i++) {
            dawdlers.add(new Wire(address).write(beginnings.get(i % beginnings.size())));
        }
        try {
            assertServes();
            for (Wire dawdler : dawdlers) {
                assertThat(dawdler.readAll()).doesNotContain("HTTP/1.1 2");
            }
        } finally {
            for (Wire dawdler : dawdlers) {
                dawdler.close();
            }
        }
        assertHoldsNothing();
    }

    /** One byte each third of a second: never silent, never done. */
    @Test
    void clientsThatSendByteByByteAreCutOff() throws Exception {
        try (var wire = new Wire(address)) {
            wire.write("GET /work/0 HTTP/1.1\r\nHost: a\r\nX: ");
            Thread dripping = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        wire.write("x");
                        Thread.sleep(300);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                assertThat(wire.readAll()).doesNotContain("HTTP/1.1 2");
            } finally {
                dripping.interrupt();
                dripping.join();
            }
        }
        assertHoldsNothing();
    }

    @Test
    void clientsThatVanishLeakNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var wire = new Wire(address)) {
                wire.write("GET /work/" + (i % 2 == 0 ? 200 : 0) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                if (i % 3 == 0) {
                    wire.reset();
                }
            }
        }
        assertHoldsNothing();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var wire = new Wire(address)) {
            String answers = wire.write("GET /work/30 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3)
                            + "GET /nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readAll();

            assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(4);
            assertThat(answers.indexOf("HTTP/1.1 404")).isGreaterThan(answers.lastIndexOf("HTTP/1.1 200"));
        }
    }

    /** CVE-2023-44487: streams opened and reset at once, without end. */
    @Test
    void floodsOfResetStreamsEndTheConnection() throws Exception {
        assertFloodEnds(stream -> ByteBuffer.allocate(9 + 13 + 13)
                .put(frame(13, 1, 5, stream))
                .put(new byte[] {(byte) 0x82, (byte) 0x86, 4, 8})
                .put("/work/50".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0x84)
                .put(frame(4, 3, 0, stream))
                .putInt(8)
                .array());
    }

    @Test
    void floodsOfSettingsEndTheConnection() throws Exception {
        assertFloodEnds(_ -> frame(0, 4, 0, 0));
    }

    @Test
    void floodsOfPingsEndTheConnectionOrAreAnswered() throws Exception {
        try (var wire = new Wire(address)) {
            wire.write(HTTP2_PREFACE).write(frame(0, 4, 0, 0));
            for (int i = 0; i < 5_000; i++) {
                wire.write(ByteBuffer.allocate(17)
                        .put(frame(8, 6, 0, 0))
                        .putLong(i)
                        .array());
            }
            assertServes();
        }
        assertHoldsNothing();
    }

    private interface Flood {
        byte[] next(int stream);
    }

    private void assertFloodEnds(Flood flood) throws Exception {
        try (var wire = new Wire(address)) {
            wire.write(HTTP2_PREFACE).write(frame(0, 4, 0, 0));
            for (int i = 0; i < 20_000; i++) {
                wire.write(flood.next(2 * i + 1));
            }
            String _ = wire.readAll();
        }
        assertServes();
        assertHoldsNothing();
    }

    private static byte[] frame(int length, int type, int flags, int stream) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array();
    }

    private void assertServes() throws IOException {
        try (var wire = new Wire(address)) {
            wire.write("GET /work/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(wire.readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    /** Back to the base: no connection, no more files; of threads a few of the JVM's own may come. */
    private void assertHoldsNothing() throws Exception {
        assertServes();
        awaitConnections(0);
        Await.asserted("it holds as little as before", PATIENCE, () -> {
            Holdings now = Holdings.of(service, address);
            assertThat(now.files()).as("%s against %s", now, base).isLessThanOrEqualTo(base.files() + 2);
            assertThat(now.threads()).as("%s against %s", now, base).isLessThanOrEqualTo(base.threads() + 8);
        });
    }

    private void awaitConnections(long wanted) {
        Await.asserted("there are " + wanted + " connections", PATIENCE, () -> assertThat(
                        Holdings.of(service, address).connections())
                .isEqualTo(wanted));
    }
}
