package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the kernel's own TCP on the loopback interface. */
@EnabledOnOs(OS.LINUX)
final class ListenSocketGateProcessTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::, 127.0.0.1", "::, ::1"})
    void noConnectedClientIsLost(String bound, String target) throws Exception {
        ConnectingStorm storm = new ConnectingStorm(true);

        for (int i = 0; i < Integer.getInteger("rounds", 3); i++) {
            storm.round(new InetSocketAddress(bound, 0), target);
        }

        System.out.println(bound + " " + target + " served " + storm.served() + " lost " + storm.lost() + " refused "
                + storm.refused());
        assertThat(storm.lost()).isZero();
        assertThat(storm.refused()).isPositive();
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(ListenSocketGate.close(port))
                .isEqualTo(new ListenSocketGate.Result(
                        false, "port " + port + ": left open until closed: no listening socket in /proc"));
    }
}
