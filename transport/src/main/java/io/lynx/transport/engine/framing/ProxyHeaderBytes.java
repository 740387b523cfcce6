package io.lynx.transport.engine.framing;

import io.lynx.transport.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The header of version 2 of the PROXY protocol: a fixed part, addresses, and further facts as type, length and value. Stateless. */
final class ProxyHeaderBytes {
    private static final int VERSION_AND_COMMAND = 12;
    private static final int FAMILY = 13;
    private static final int ADDRESSES = 16;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int UNSPECIFIED = 0x00;
    private static final int TCP_IPV4 = 0x11;
    private static final int TCP_IPV6 = 0x21;
    private static final int UNIX_STREAM = 0x31;
    private static final int CHECKSUM = 0x03;
    private static final int TLS = 0x20;
    private static final int CLIENT_USES_TLS = 0x01;
    private static final int TLS_FIXED = 5;

    private ProxyHeaderBytes() {}

    /** Whether {@code value}, which follows the signature, is version 2 with a command that exists. */
    static boolean isVersionAndCommand(byte value) {
        return value == LOCAL || value == PROXY;
    }

    /** Returns what {@code header}, which is complete and has a valid beginning, tells; null if it is malformed. */
    static @Nullable ProxyHeader parse(byte[] header) {
        if (header[VERSION_AND_COMMAND] == LOCAL) {
            return ProxyHeader.UNKNOWN;
        }
        int addresses = lengthOfAddresses(header[FAMILY] & 0xff);
        if (addresses < 0 || ADDRESSES + addresses > header.length) {
            return null;
        }
        Facts facts = facts(header, ADDRESSES + addresses);
        if (facts == null) {
            return null;
        }
        return new ProxyHeader(client(header, header[FAMILY] & 0xff), facts.isSecure());
    }

    /** What the values behind the addresses tell. */
    private record Facts(boolean isSecure) {}

    /** The length of both addresses with their ports; negative if the family is not one of a connection. */
    private static int lengthOfAddresses(int family) {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP_IPV4 -> 12;
            case TCP_IPV6 -> 36;
            case UNIX_STREAM -> 216;
            default -> -1;
        };
    }

    private static @Nullable InetSocketAddress client(byte[] header, int family) {
        int length = family == TCP_IPV4 ? 4 : family == TCP_IPV6 ? 16 : 0;
        if (length == 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(header);
        byte[] address = new byte[length];
        bytes.get(ADDRESSES, address);
        int port = bytes.getShort(ADDRESSES + 2 * length) & 0xffff;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Reads the values from {@code start} on; null if one is malformed or the checksum is wrong. */
    private static @Nullable Facts facts(byte[] header, int start) {
        ByteBuffer values = ByteBuffer.wrap(header).position(start);
        boolean isSecure = false;
        while (values.hasRemaining()) {
            if (values.remaining() < 3) {
                return null;
            }
            int type = values.get() & 0xff;
            int length = values.getShort() & 0xffff;
            int at = values.position();
            if (length > values.remaining()
                    || (type == CHECKSUM && !isChecksum(header, at, length))
                    || (type == TLS && length < TLS_FIXED)) {
                return null;
            }
            isSecure |= type == TLS && (header[at] & CLIENT_USES_TLS) != 0;
            values.position(at + length);
        }
        return new Facts(isSecure);
    }

    private static boolean isChecksum(byte[] header, int at, int length) {
        if (length != Integer.BYTES) {
            return false;
        }
        byte[] cleared = header.clone();
        ByteBuffer.wrap(cleared).putInt(at, 0);
        CRC32C checksum = new CRC32C();
        checksum.update(cleared);
        return (int) checksum.getValue() == ByteBuffer.wrap(header).getInt(at);
    }
}
