package io.lynx.transport.engine.framing;

import io.lynx.transport.ProxyHeader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol, version 1 or 2, at the beginning of a connection. It takes the bytes of the header and no
 * more, holds {@value #MOST} at most, and decides at the first byte that does not belong to a header. Belongs to the event loop.
 */
public final class ProxyHeaderReader {
    /** Bytes of the longest header that is accepted; those of proxies have a few hundred at most. */
    static final int MOST = 4096;

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_V1 = 107;
    private static final int FIXED_V2 = 16;

    private byte[] held = new byte[LONGEST_V1 + 1];
    private int size;
    private int length = -1;
    private @Nullable ProxyHeader header;
    private boolean isInvalid;

    /** Reads from {@code in} what belongs to the header. */
    public void read(ByteBuf in) {
        while (in.isReadable() && header == null && !isInvalid) {
            add(in.readByte());
        }
    }

    private void add(byte next) {
        if (size == held.length) {
            held = Arrays.copyOf(held, Math.min(MOST, 2 * size));
        }
        held[size++] = next;
        if (held[0] == V1[0]) {
            addedToV1(next);
        } else {
            addedToV2(next);
        }
    }

    private void addedToV1(byte next) {
        if (size <= V1.length) {
            isInvalid = next != V1[size - 1];
        } else if (next == '\n') {
            header = ProxyHeaderText.parse(new String(held, 0, size, StandardCharsets.ISO_8859_1));
            isInvalid = header == null;
        } else {
            isInvalid = size == LONGEST_V1;
        }
    }

    private void addedToV2(byte next) {
        if (size <= V2.length) {
            isInvalid = next != V2[size - 1];
        } else if (size == V2.length + 1) {
            isInvalid = !ProxyHeaderBytes.isVersionAndCommand(next);
        } else if (size == FIXED_V2) {
            length = FIXED_V2 + ((held[14] & 0xff) << 8 | (held[15] & 0xff));
            isInvalid = length > MOST;
        }
        if (size == length && !isInvalid) {
            header = ProxyHeaderBytes.parse(Arrays.copyOf(held, size));
            isInvalid = header == null;
        }
    }

    /** The header; null while it is not complete. */
    @Nullable
    public ProxyHeader header() {
        return header;
    }

    /** Whether what was read is not a header. */
    public boolean isInvalid() {
        return isInvalid;
    }
}
