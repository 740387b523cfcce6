package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The tables of Linux, as recorded on a machine of little-endian byte order, and the real ones. */
@EnabledOnOs(OS.LINUX)
class ConnectionOwnerTest {
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final String TAIL = " 1 0000000000000000 20 4 30 10 -1";

    @TempDir
    private Path proc;

    private int user;

    @BeforeEach
    void emptyTables() throws IOException {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
        user = (Integer) Files.getAttribute(proc, "unix:uid");
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/status"), "Name:\tjava\nUid:\t%d\t%d\t%d\t%d\n".formatted(user, user, user, user));
        table("tcp");
        table("tcp6");
        process("self", "pid:[4026531836]");
    }

    private void table(String name, String... rows) throws IOException {
        Files.writeString(proc.resolve("net").resolve(name), HEADER + "\n" + String.join("\n", rows) + "\n");
    }

    private void process(String pid, String namespace, long... inodes) throws IOException {
        Path process = proc.resolve(pid);
        Files.createDirectories(process.resolve("ns"));
        Files.createSymbolicLink(process.resolve("ns/pid"), Path.of(namespace));
        Path descriptors = Files.createDirectories(process.resolve("fd"));
        Files.createSymbolicLink(descriptors.resolve("0"), Path.of("/dev/null"));
        for (int i = 0; i < inodes.length; i++) {
            Files.createSymbolicLink(
                    descriptors.resolve(Integer.toString(i + 1)), Path.of("socket:[" + inodes[i] + "]"));
        }
    }

    private static InetSocketAddress address(String literal, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }

    private boolean isOwnUser(String client, String server) {
        return new ConnectionOwner(proc).isOwnUser(address(client, 0xC350), address(server, 0x2382));
    }

    private String row(String local, String remote, String state, long uid, long inode) {
        return "   7: " + local + " " + remote + " " + state + " 00000000:00000000 00:00000000 00000000 "
                + String.format("%5d        0 %d", uid, inode) + TAIL;
    }

    @Test
    void aSocketOfThisUserInAVisibleProcessIsOwn() throws IOException {
        table(
                "tcp",
                row("0100007F:2382", "00000000:0000", "0A", user, 11),
                row("0100007F:2382", "0100007F:C350", "01", user, 12),
                row("0100007F:C350", "0100007F:2382", "01", user, 13));
        process("4711", "pid:[4026531836]", 12, 13);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isTrue();
    }

    @Test
    void aSocketOfAnotherUserIsNot() throws IOException {
        table("tcp", row("0100007F:C350", "0100007F:2382", "01", user + 33, 13));
        process("4711", "pid:[4026531836]", 13);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void aClosedSocketProvesNothing() throws IOException {
        table("tcp", row("0100007F:C350", "0100007F:2382", "06", user, 0));

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void aHalfClosedSocketStillHasItsOwner() throws IOException {
        table("tcp", row("0100007F:C350", "0100007F:2382", "05", user, 13));
        process("4711", "pid:[4026531836]", 13);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isTrue();
    }

    @Test
    void theServersOwnEndIsNotTheClients() throws IOException {
        table("tcp", row("0100007F:2382", "0100007F:C350", "01", user, 12));
        process("4711", "pid:[4026531836]", 12);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void anIpv4AddressMayBeInTheTableOfIpv6() throws IOException {
        table(
                "tcp6",
                row("0000000000000000FFFF00000100007F:C350", "0000000000000000FFFF00000100007F:2382", "01", user, 13));
        process("4711", "pid:[4026531836]", 13);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isTrue();
    }

    @Test
    void anIpv6AddressIsFound() throws IOException {
        table(
                "tcp6",
                row("00000000000000000000000001000000:C350", "00000000000000000000000001000000:2382", "01", user, 13));
        process("4711", "pid:[4026531836]", 13);

        assertThat(isOwnUser("::1", "::1")).isTrue();
    }

    @Test
    void aSocketThatNoVisibleProcessHasOpenIsNotOwn() throws IOException {
        table("tcp", row("0100007F:C350", "0100007F:2382", "01", user, 13));
        process("4711", "pid:[4026531836]", 99);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void aProcessOfAnotherProcessNamespaceDoesNotCount() throws IOException {
        table("tcp", row("0100007F:C350", "0100007F:2382", "01", user, 13));
        process("4711", "pid:[4026532999]", 13);

        assertThat(isOwnUser("127.0.0.1", "127.0.0.1")).isFalse();
    }

    @Test
    void whereThereAreNoTablesNothingIsOwn(@TempDir Path elsewhere) {
        ConnectionOwner owner = new ConnectionOwner(elsewhere);

        assertThat(owner.isSupported()).isFalse();
        assertThat(owner.isOwnUser(address("127.0.0.1", 1), address("127.0.0.1", 2)))
                .isFalse();
    }

    @Test
    void aConnectionOfThisProcessIsOwn() throws IOException {
        ConnectionOwner owner = new ConnectionOwner();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            InetSocketAddress from = new InetSocketAddress(client.getLocalAddress(), client.getLocalPort());
            InetSocketAddress to = new InetSocketAddress(client.getInetAddress(), client.getPort());

            assertThat(owner.isSupported()).isTrue();
            assertThat(owner.isOwnUser(from, to)).isTrue();
            client.close();
            assertThat(owner.isOwnUser(from, to)).isFalse();
        }
    }
}
