package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.RedisPlugin;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.testkit.LynxTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** A server that announces answers for which no heap has room. */
class RedisLongAnswersTest {
    /** Answers as Redis does, except that the value of the key {@code long} is what the test says. */
    private record Server(ServerSocket socket, String answer) implements AutoCloseable {
        static Server start(String answer) throws IOException {
            Server server = new Server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
            Thread _ = Thread.ofVirtual().start(server::accept);
            return server;
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    Thread _ = Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException closed) {
                // The test has ended.
            }
        }

        private void serve(Socket client) {
            try (client;
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
                for (String count = lines.readLine(); count != null; count = lines.readLine()) {
                    String command = "";
                    for (int i = Integer.parseInt(count.substring(1)); i > 0; i--) {
                        String _ = lines.readLine();
                        command += lines.readLine() + " ";
                    }
                    client.getOutputStream().write(answerTo(command.strip()).getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException closed) {
                // The client has closed it.
            }
        }

        private String answerTo(String command) {
            return switch (command.toLowerCase(Locale.ROOT)) {
                case "get long" -> answer;
                case "get known" -> "$5\r\nvalue\r\n";
                case "info server" -> "$20\r\nredis_version:7.0.15\r\n";
                case "ping" -> "+PONG\r\n";
                case "cluster slots" ->
                    "*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n$9\r\n127.0.0.1\r\n:" + socket.getLocalPort()
                            + "\r\n$1\r\na\r\n";
                case "cluster info" -> "$16\r\ncluster_state:ok\r\n";
                default -> command.startsWith("HELLO") ? "*2\r\n$5\r\nproto\r\n:2\r\n" : "+OK\r\n";
            };
        }

        String address() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$99999999999\r\n", "$2000000000\r\n", "*2000000000\r\n", "$-7\r\n"})
    void theAnswerIsRefusedAndItsConnectionDiscarded(String answer) throws IOException {
        try (Server server = Server.start(answer);
                LynxTest lynx = LynxTest.of(new RedisPlugin())
                        .with("lynx.redis.nodes", server.address())
                        .with("lynx.redis.pool_size", "1")
                        .start()) {
            UnifiedJedis redis = lynx.resource(RedisPlugin.key());

            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> redis.get("long"))
                        .isInstanceOf(JedisException.class)
                        .hasMessageContaining("Redis announces an answer of "
                                + answer.substring(1).strip());
                assertThat(redis.get("known")).isEqualTo("value");
            }

            assertThat(lynx.application().breakers().find("redis").map(CircuitBreaker::state))
                    .contains(CircuitBreakerState.CLOSED);
        }
    }

    /** The client of Jedis makes the connections of a cluster, which have no limit. */
    @Test
    void aNodeOfAClusterFailsTheCommandAndItsConnectionIsDiscarded() throws IOException {
        try (Server server = Server.start("$2147483647\r\n");
                LynxTest lynx = LynxTest.of(new RedisPlugin())
                        .with("lynx.redis.mode", "cluster")
                        .with("lynx.redis.nodes", server.address())
                        .with("lynx.redis.pool_size", "1")
                        .start()) {
            UnifiedJedis redis = lynx.resource(RedisPlugin.key());

            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> redis.get("long")).isInstanceOf(OutOfMemoryError.class);
                assertThat(redis.get("known")).isEqualTo("value");
            }
        }
    }
}
