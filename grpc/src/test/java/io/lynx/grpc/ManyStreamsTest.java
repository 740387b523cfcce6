package io.lynx.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.grpc.RawGrpc.Answer;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Ten thousand streams on one connection, at a time and one after the other. */
class ManyStreamsTest {
    private static final int STREAMS = 10_000;
    private static final int BATCH = 100;
    private static final long MEMORY = 32L * 1024 * 1024;

    private final GrpcTestServer server = GrpcTestServer.of(new TextService());

    private static long usedMemory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void streamsOverTheLimitAreRefusedAndOthersServed() throws Exception {
        try (server;
                RawGrpc client = new RawGrpc(server.port())) {
            assertThat(server.unary("first")).isEqualTo("first");
            long before = usedMemory();
            openAtATime(client);

            assertThat(client.answers.values().stream().filter(ManyStreamsTest::isServed))
                    .as("streams that are not refused")
                    .isEmpty();
            assertThat(usedMemory() - before).isLessThan(MEMORY);
            assertThat(server.unary("others")).isEqualTo("others");

            client.close();
            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
        }
    }

    /** A client that goes on opening streams when they are refused loses its connection. */
    private static void openAtATime(RawGrpc client) {
        try {
            for (int i = 0; i < STREAMS; i += BATCH) {
                for (int j = i; j < i + BATCH; j++) {
                    client.head(2 * j + 1, "/test.v1.Texts/Bidi", 0);
                }
                client.awaitPing();
            }
        } catch (IOException closed) {
            // The server has ended the connection.
        }
    }

    private static boolean isServed(Answer answer) {
        return answer.headers.containsKey("grpc-status");
    }

    @Test
    void allAreServedOneAfterTheOther() throws Exception {
        try (server;
                RawGrpc client = new RawGrpc(server.port())) {
            client.widen(1_000_000);
            for (int i = 0; i < STREAMS; i += BATCH) {
                for (int j = i; j < i + BATCH; j++) {
                    client.call(2 * j + 1, "/test.v1.Texts/Unary", RawGrpc.message(0, "hello"));
                }
                for (int j = i; j < i + BATCH; j++) {
                    Answer answer = client.await(2 * j + 1);
                    assertThat(answer.status()).as("stream %d", 2 * j + 1).isEqualTo("0");
                }
            }
            Await.until("nothing is in flight", () -> server.application.requestsInFlight() == 0);
        }
    }
}
