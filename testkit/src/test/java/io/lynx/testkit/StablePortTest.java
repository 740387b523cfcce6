package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StablePortTest {
    @Test
    void eachPortIsFreeAndReturnedOnce() throws Exception {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            int port = StablePort.find();
            try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(found.add(server.getLocalPort())).isTrue();
            }
        }
    }

    @Test
    void isNotGivenToOutgoingConnections() throws Exception {
        try (ServerSocket ephemeral = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ephemeral.getLocalPort()).isGreaterThan(StablePort.find());
        }
    }
}
