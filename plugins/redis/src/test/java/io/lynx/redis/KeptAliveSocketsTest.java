package io.lynx.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.external.TlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;

/** Sockets to a server that accepts connections and never answers. */
class KeptAliveSocketsTest {
    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static void assertProbed(Socket socket) throws IOException {
        assertThat(socket.getKeepAlive()).isTrue();
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)).isEqualTo(15);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)).isEqualTo(5);
        assertThat(socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(3);
    }

    private static void assumeSupported(Socket socket) {
        Assumptions.assumeTrue(
                socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE), "needs TCP_KEEPIDLE");
    }

    @Test
    void plainConnectionsAreProbed() throws IOException {
        try (ServerSocket server = server();
                Socket socket = new KeptAliveSockets(
                                new HostAndPort("127.0.0.1", server.getLocalPort()),
                                DefaultJedisClientConfig.builder().build())
                        .createSocket()) {
            assumeSupported(socket);

            assertProbed(socket);
        }
    }

    @Test
    void connectionsWithTlsOfAnyPoolAreProbed() throws IOException {
        RedisTls tls = new RedisTls(new TlsConfig(true, Optional.empty(), Optional.empty(), Optional.empty()));
        try (ServerSocket server = server();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assumeSupported(plain);

            try (Socket _ = tls.sockets().createSocket(plain, "localhost", server.getLocalPort(), true)) {
                assertProbed(plain);
            }
        }
    }
}
