package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class ListeningSocketsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final ListeningSockets sockets = new ListeningSockets();

    @Test
    void findsTheSocketOfThePort() throws Exception {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            assertThat(sockets.descriptors(one.getLocalPort())).hasSize(1);
            assertThat(sockets.descriptors(other.getLocalPort()))
                    .hasSize(1)
                    .doesNotContainAnyElementsOf(sockets.descriptors(one.getLocalPort()));
        }
    }

    @Test
    void findsBothVersionsOfIpAtOnePort() throws Exception {
        try (ServerSocket four = new ServerSocket(0, 1, LOOPBACK);
                ServerSocketChannel six = ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), four.getLocalPort()))) {
            assertThat(four.getInetAddress()).isInstanceOf(Inet4Address.class);
            assertThat(six.isOpen()).isTrue();
            assertThat(sockets.descriptors(four.getLocalPort())).hasSize(2);
        }
    }

    @Test
    void connectionsOfThePortDoNotListen() throws Exception {
        int port;
        try (ServerSocket listener = new ServerSocket(0, 1, LOOPBACK);
                Socket client = new Socket(LOOPBACK, listener.getLocalPort());
                Socket accepted = listener.accept()) {
            port = accepted.getLocalPort();
            assertThat(sockets.descriptors(client.getLocalPort())).isEmpty();
            assertThat(sockets.descriptors(port)).hasSize(1);

            listener.close();

            assertThat(sockets.descriptors(port)).isEmpty();
        }
    }
}
