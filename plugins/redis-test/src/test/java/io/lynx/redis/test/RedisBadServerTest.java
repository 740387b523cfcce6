package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that accept connections and are no Redis. */
class RedisBadServerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.1 400 Bad Request\r\n\r\n", "*-5\r\n", "+\r\n", "$99999999999\r\n", "*2000000000\r\n"
            })
    void theStartNamesTheAddressAndTheRemedy(String answer) throws IOException {
        List<Socket> open = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread _ = Thread.ofVirtual().start(() -> accept(server, answer, open));
            LynxTest.Builder application = LynxTest.of(new RedisPlugin())
                    .with("lynx.redis.nodes", "127.0.0.1:" + server.getLocalPort())
                    .with("lynx.redis.health_timeout", "500ms")
                    .with("lynx.startup.plugin_timeout", "3s");

            assertThatThrownBy(() -> application.start().close())
                    .hasMessageContaining("redis://127.0.0.1:" + server.getLocalPort() + "/0")
                    .hasMessageContaining("lynx.redis");
            assertThat(open).isNotEmpty();
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static void accept(ServerSocket server, String answer, List<Socket> open) {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }
}
