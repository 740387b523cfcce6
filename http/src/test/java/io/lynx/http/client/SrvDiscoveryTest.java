package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances found by the SRV records of DNS. */
class SrvDiscoveryTest {
    private static final String NAME = "_http._tcp.inventory.test";
    private static final int NO_SUCH_NAME = 3;

    /**
     * A record that a server answers with.
     *
     * @param host empty for none
     */
    private record Srv(int priority, int weight, int port, String host) {}

    /** A DNS server that answers every query with the same records. */
    private static final class Dns implements AutoCloseable {
        private final DatagramSocket socket;
        private final int code;
        private final List<Srv> records;

        Dns(int code, Srv... records) throws IOException {
            this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            this.code = code;
            this.records = List.of(records);
            Thread.ofVirtual().start(this::serve);
        }

        String url() {
            return "dns://127.0.0.1:" + socket.getLocalPort();
        }

        private void serve() {
            byte[] buffer = new byte[512];
            while (!socket.isClosed()) {
                try {
                    DatagramPacket query = new DatagramPacket(buffer, buffer.length);
                    socket.receive(query);
                    byte[] answer = answer(Arrays.copyOf(buffer, query.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private byte[] answer(byte[] query) {
            int end = 12;
            while (query[end] != 0) {
                end += query[end] + 1;
            }
            byte[] question = Arrays.copyOfRange(query, 12, end + 5);
            ByteBuffer out = ByteBuffer.allocate(512);
            out.put(query[0]).put(query[1]).putShort((short) (0x8400 | code));
            out.putShort((short) 1)
                    .putShort((short) records.size())
                    .putShort((short) 0)
                    .putShort((short) 0);
            out.put(question);
            for (Srv each : records) {
                byte[] host = labels(each.host());
                // A pointer to the question, SRV, IN, a minute.
                out.putShort((short) 0xc00c)
                        .putShort((short) 33)
                        .putShort((short) 1)
                        .putInt(60);
                out.putShort((short) (6 + host.length));
                out.putShort((short) each.priority())
                        .putShort((short) each.weight())
                        .putShort((short) each.port())
                        .put(host);
            }
            return Arrays.copyOf(out.array(), out.position());
        }

        private static byte[] labels(String name) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (String label : name.isEmpty() ? new String[0] : name.split("\\.", -1)) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
            }
            out.write(0);
            return out.toByteArray();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void findsInstancesWithTheirPrioritiesAndWeights() throws IOException {
        try (Dns dns = new Dns(
                0,
                new Srv(20, 0, 8082, "backup.test"),
                new Srv(10, 30, 8080, "a.test"),
                new Srv(10, 65535, 8081, "b.test"))) {
            assertThat(new SrvDiscovery(NAME, dns.url()).find())
                    .containsExactlyInAnyOrder(
                            new ServiceAddress("backup.test", 8082, "", 20, 0),
                            new ServiceAddress("a.test", 8080, "", 10, 30),
                            new ServiceAddress("b.test", 8081, "", 10, 65535));
        }
    }

    private static TestService named(String name) {
        return TestService.with(routes -> routes.get("/", (_, response) -> response.send(name)));
    }

    private static HttpClient client(Dns dns) {
        return HttpClient.builder("inventory")
                .url("http://inventory.internal")
                .connectTimeout(Duration.ofSeconds(20))
                .discovery(new SrvDiscovery(NAME, dns.url()))
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false))
                .build();
    }

    private static Map<String, Integer> calls(HttpClient client, int number) {
        Map<String, Integer> answers = new HashMap<>();
        for (int i = 0; i < number; i++) {
            answers.merge(client.get("/").send().text(), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void callsGoToTheLowestPriorityThatIsThere() throws IOException {
        try (TestService backup = named("backup");
                Dns dns = new Dns(
                        0,
                        new Srv(10, 1, ScriptedServer.closedPort(), "127.0.0.1"),
                        new Srv(20, 1, backup.listener.port(), "127.0.0.1"));
                HttpClient client = client(dns)) {
            assertThat(calls(client, 20)).containsOnlyKeys("backup");
        }
        try (TestService first = named("first");
                TestService backup = named("backup");
                Dns dns = new Dns(
                        0,
                        new Srv(10, 1, first.listener.port(), "127.0.0.1"),
                        new Srv(20, 1, backup.listener.port(), "127.0.0.1"));
                HttpClient client = client(dns)) {
            assertThat(calls(client, 20)).containsOnlyKeys("first");
        }
    }

    @Test
    void weightsDivideTheCalls() throws IOException {
        try (TestService heavy = named("heavy");
                TestService none = named("none");
                Dns dns = new Dns(
                        0,
                        new Srv(10, 65535, heavy.listener.port(), "127.0.0.1"),
                        new Srv(10, 0, none.listener.port(), "127.0.0.1"));
                HttpClient client = client(dns)) {
            // The first call of a service is slow, and would be taken for what the service is like.
            for (TestService service : List.of(heavy, none)) {
                try (HttpClient warming = service.client().build()) {
                    Map<String, Integer> _ = calls(warming, 50);
                }
            }
            // Again if the machine made the heavy one look slow for a while.
            Await.asserted("weights decide", () -> {
                Map<String, Integer> answers = calls(client, 300);
                assertThat(answers.getOrDefault("heavy", 0)).isGreaterThan(answers.getOrDefault("none", 0));
            });
        }
    }

    @Test
    void aServiceThatIsNotOffered() throws IOException {
        try (Dns dns = new Dns(0, new Srv(0, 0, 0, ""))) {
            assertThat(new SrvDiscovery(NAME, dns.url()).find()).isEmpty();
        }
    }

    @Test
    void aNameThatIsUnknown() throws IOException {
        try (Dns dns = new Dns(NO_SUCH_NAME)) {
            assertThatThrownBy(() -> new SrvDiscovery(NAME, dns.url()).find())
                    .isInstanceOf(IOException.class)
                    .hasMessage("the SRV records of " + NAME + " cannot be read");
        }
    }
}
