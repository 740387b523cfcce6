package io.lynx.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListeningSocketsTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    Path proc;

    @BeforeEach
    void directories() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve("fd"));
    }

    @Test
    void findsTheSocketsOfBothVersionsThatTheProcessHasOpen() throws IOException {
        table(
                "tcp",
                "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 f 100",
                "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 f 100");
        table(
                "tcp6",
                "   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000"
                        + " 00:00000000 00000000     0        0 333 1 f 100",
                "   1: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000"
                        + " 00:00000000 00000000     0        0 444 1 f 100");
        descriptor(7, "socket:[111]");
        descriptor(8, "socket:[333]");
        descriptor(9, "socket:[444]");
        descriptor(10, "pipe:[111]");

        assertThat(new ListeningSockets(proc).descriptors(8080)).containsExactlyInAnyOrder(7, 8);
    }

    @Test
    void connectionsOfThePortAreNotListening() throws IOException {
        table(
                "tcp",
                "   0: 0100007F:1F90 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 111 1 f 100");
        descriptor(7, "socket:[111]");

        assertThat(new ListeningSockets(proc).descriptors(8080)).isEmpty();
    }

    @Test
    void aKernelWithoutIpv6HasNoSecondTable() throws IOException {
        table("tcp");

        assertThat(new ListeningSockets(proc).descriptors(8080)).isEmpty();
    }

    private void table(String name, String... lines) throws IOException {
        Files.writeString(proc.resolve("net").resolve(name), HEADER + String.join("\n", lines));
    }

    private void descriptor(int number, String target) throws IOException {
        Files.createSymbolicLink(proc.resolve("fd").resolve(Integer.toString(number)), Path.of(target));
    }
}
