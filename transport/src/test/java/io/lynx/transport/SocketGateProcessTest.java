package io.lynx.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the kernel's own TCP on the loopback interface. */
@EnabledOnOs(OS.LINUX)
final class SocketGateProcessTest {
    private static final int ROUNDS = 5;
    private static final int SHORTLY = 200;
    private static final int PATIENCE = 10_000;

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::, 127.0.0.1", "::, ::1"})
    void noConnectedClientIsLost(String bound, String target) throws Exception {
        ConnectingStorm storm = new ConnectingStorm(true);

        for (int i = 0; i < ROUNDS; i++) {
            storm.round(new InetSocketAddress(bound, 0), target);
        }

        assertThat(storm.lost()).isZero();
        assertThat(storm.refused()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "::1", "::"})
    void whoWasBeforeTheGateIsServedAndWhoComesAfterIsNotConnected(String bound) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(bound, 0));
                Selector selector = Selector.open();
                Socket queued = new Socket();
                Socket late = new Socket()) {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            queued.connect(address, PATIENCE);
            queued.getOutputStream().write("before".getBytes(UTF_8));

            SocketGate.Result result = SocketGate.prepare().close(address.getPort());

            assertThat(result)
                    .isEqualTo(new SocketGate.Result(true, "port " + address.getPort() + ": takes no new connection"));
            assertThatThrownBy(() -> late.connect(address, SHORTLY)).isInstanceOf(SocketTimeoutException.class);
            listener.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            assertThat(selector.select(PATIENCE)).isEqualTo(1);
            try (SocketChannel accepted = listener.accept()) {
                ByteBuffer request = ByteBuffer.allocate(6);
                assertThat(accepted.read(request)).isEqualTo(6);
                queued.getOutputStream().write("after!".getBytes(UTF_8));
                assertThat(accepted.read(request.clear())).isEqualTo(6);
                accepted.write(ByteBuffer.wrap("answer".getBytes(UTF_8)));
                assertThat(queued.getInputStream().readNBytes(6)).isEqualTo("answer".getBytes(UTF_8));
            }
            selector.selectedKeys().clear();
            assertThat(selector.selectNow()).isZero();
        }
    }

    @Test
    void reportsThatNoProcessListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(SocketGate.prepare().close(port))
                .isEqualTo(new SocketGate.Result(
                        false, "port " + port + ": left open until closed: this process does not listen on it"));
    }
}
