package io.lynx.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Linux's tables of TCP sockets, {@code /proc/net/tcp} and {@code tcp6} (proc(5), proc_pid_net(5)). Immutable; reads the tables
 * anew for each search, up to a bounded number of rows.
 */
final class SocketTable {
    /** The maximum number of rows that are read. The owner of a socket beyond it is unknown. */
    static final int MAX_ROWS = 100_000;

    private static final String MAPPED_PREFIX =
            words(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff});

    private final Path folder;

    /**
     * The owner of a socket.
     *
     * @param user the user id
     * @param inode the inode of the socket; never 0
     */
    record Owner(int user, long inode) {}

    /** Reads the tables {@code tcp} and {@code tcp6} in {@code folder}. */
    SocketTable(Path folder) {
        this.folder = folder;
    }

    /**
     * Returns the owner of the socket that is bound to {@code local} and connected to {@code remote}; empty if there is no such
     * socket, or it has been closed: its row then has no inode and the user 0, which proves nothing.
     *
     * @throws IOException if a table cannot be read
     */
    Optional<Owner> owner(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        InetAddress address = local.getAddress();
        if (address instanceof Inet4Address) {
            // A client that uses an IPv6 socket for an IPv4 address is listed in the other table, with a mapped
            // address.
            Optional<Owner> owner = search("tcp", "", local, remote);
            return owner.isPresent() ? owner : search("tcp6", MAPPED_PREFIX, local, remote);
        }
        return search("tcp6", "", local, remote);
    }

    private Optional<Owner> search(String table, String prefix, InetSocketAddress local, InetSocketAddress remote)
            throws IOException {
        String wanted = prefix + column(local) + ' ' + prefix + column(remote) + ' ';
        Path file = folder.resolve(table);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (BufferedReader rows = Files.newBufferedReader(file)) {
            rows.readLine();
            for (int i = 0; i < MAX_ROWS; i++) {
                String row = rows.readLine();
                if (row == null) {
                    return Optional.empty();
                }
                int colon = row.indexOf(": ");
                if (colon >= 0 && row.startsWith(wanted, colon + 2)) {
                    return owner(row.substring(colon + 2).strip().split("\\s+"));
                }
            }
        }
        return Optional.empty();
    }

    /** Columns: local, remote, state, queues, timer, retransmissions, user, timeout, inode. */
    private static Optional<Owner> owner(String[] columns) {
        try {
            Owner owner = new Owner(Integer.parseUnsignedInt(columns[6]), Long.parseLong(columns[8]));
            return owner.inode() == 0 ? Optional.empty() : Optional.of(owner);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
            return Optional.empty();
        }
    }

    private static String column(InetSocketAddress address) {
        return words(address.getAddress().getAddress())
                + ':'
                + HexFormat.of().withUpperCase().toHexDigits((short) address.getPort());
    }

    /** The kernel prints an address as words of 32 bits in the byte order of the machine. */
    private static String words(byte[] address) {
        byte[] ordered = address.clone();
        if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < address.length; i++) {
                ordered[i] = address[(i & ~3) + 3 - (i & 3)];
            }
        }
        return HexFormat.of().withUpperCase().formatHex(ordered);
    }
}
