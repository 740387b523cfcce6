package io.lynx.transport.engine.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.transport.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of the PROXY protocol as bytes. */
class ProxyHeaderReaderTest {
    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final byte[] REST = "GET /".getBytes(StandardCharsets.US_ASCII);

    /** Reads all at once and byte by byte, which must not make a difference; returns how many bytes were left. */
    private static ProxyHeaderReader read(byte[] bytes, int expectedRest) {
        ByteBuf whole = Unpooled.wrappedBuffer(bytes);
        ProxyHeaderReader atOnce = new ProxyHeaderReader();
        atOnce.read(whole);
        ProxyHeaderReader inPieces = new ProxyHeaderReader();
        for (byte each : bytes) {
            inPieces.read(Unpooled.wrappedBuffer(new byte[] {each}));
        }
        assertThat(inPieces.header()).isEqualTo(atOnce.header());
        assertThat(inPieces.isInvalid()).isEqualTo(atOnce.isInvalid());
        if (!atOnce.isInvalid()) {
            assertThat(whole.readableBytes()).isEqualTo(expectedRest);
        }
        return atOnce;
    }

    private static ProxyHeaderReader read(String text) {
        return read(text.getBytes(StandardCharsets.ISO_8859_1), 0);
    }

    private static byte[] v2(int command, int family, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer header = ByteBuffer.allocate(16 + length);
        header.put(SIGNATURE).put((byte) command).put((byte) family).putShort((short) length);
        for (byte[] part : parts) {
            header.put(part);
        }
        return header.array();
    }

    private static byte[] ipv4() {
        return new byte[] {(byte) 203, 0, 113, 9, 10, 0, 0, 1, 0x12, 0x34, 0, 80};
    }

    private static byte[] value(int type, byte... bytes) {
        return ByteBuffer.allocate(3 + bytes.length)
                .put((byte) type)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] and(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.9 10.0.0.1 56324 443, 203.0.113.9, 56324",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255, 65535",
        "PROXY TCP6 2001:db8::7 ::1 56324 443, 2001:db8:0:0:0:0:0:7, 56324",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535",
    })
    void readsVersion1(String line, String host, int port) {
        byte[] bytes = (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
        ProxyHeader header = read(and(bytes, REST), REST.length).header();

        assertThat(header).isNotNull();
        assertThat(header.client()).isNotNull();
        assertThat(header.client().getHostString()).isEqualTo(host);
        assertThat(header.client().getPort()).isEqualTo(port);
        assertThat(header.isSecure()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "PROXY UNKNOWN a b c\r\n"})
    void anUnknownClientIsTakenForNone(String line) {
        assertThat(read(line).header()).isEqualTo(ProxyHeader.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "PROXYTCP4",
                "proxy TCP4 203.0.113.9 10.0.0.1 1 2\r\n",
                "PROXY\r\n",
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP5 203.0.113.9 10.0.0.1 1 2\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 1 2\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 1 2 \r\n",
                "PROXY TCP4  203.0.113.9 10.0.0.1 1 2\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 1\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 65536 2\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 -1 2\r\n",
                "PROXY TCP4 203.0.113.9 10.0.0.1 1 x\r\n",
                "PROXY TCP4 203.0.113 10.0.0.1 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP4 localhost localhost 1 2\r\n",
                "PROXY TCP6 203.0.113.9 10.0.0.1 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
                "PROXY UNKNOWNX\r\n",
                "\r\n\r\n\0\r\nQUIX",
                "\r\n\r\n\0\r\nQUIT\nX",
            })
    void refusesWhatIsNoHeader(String text) {
        ProxyHeaderReader reader = read(text);

        assertThat(reader.isInvalid()).isTrue();
        assertThat(reader.header()).isNull();
    }

    @Test
    void aLineWithoutEndIsBounded() {
        assertThat(read("PROXY UNKNOWN " + "a".repeat(92)).isInvalid()).isFalse();
        assertThat(read("PROXY UNKNOWN " + "a".repeat(93)).isInvalid()).isTrue();
    }

    @Test
    void readsVersion2() {
        ProxyHeader four = read(and(v2(0x21, 0x11, ipv4()), REST), REST.length).header();
        assertThat(four).isNotNull();
        assertThat(String.valueOf(four.client())).contains("203.0.113.9").endsWith(":4660");

        byte[] ipv6 = new byte[36];
        ipv6[0] = 0x20;
        ipv6[1] = 0x01;
        ipv6[15] = 7;
        ipv6[33] = 9;
        ProxyHeader six = read(v2(0x21, 0x21, ipv6), 0).header();
        assertThat(six).isNotNull();
        assertThat(String.valueOf(six.client())).contains("2001:0:0:0:0:0:0:7").endsWith(":9");
    }

    @Test
    void connectionsOfTheProxyItselfAndOfUnixSocketsHaveNoClient() {
        assertThat(read(v2(0x20, 0x00), 0).header()).isEqualTo(ProxyHeader.UNKNOWN);
        assertThat(read(v2(0x20, 0x11, ipv4(), value(0x99, (byte) 1)), 0).header())
                .isEqualTo(ProxyHeader.UNKNOWN);
        assertThat(read(v2(0x21, 0x00), 0).header()).isEqualTo(ProxyHeader.UNKNOWN);
        assertThat(read(v2(0x21, 0x31, new byte[216]), 0).header()).isEqualTo(ProxyHeader.UNKNOWN);
    }

    @Test
    void readsValuesBehindTheAddresses() {
        byte[] tls = value(0x20, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0x21, (byte) 0, (byte) 0);
        byte[] clear = value(0x20, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);
        byte[] authority = value(0x02, "shop.example".getBytes(StandardCharsets.US_ASCII));

        assertThat(read(v2(0x21, 0x11, ipv4(), authority, tls, value(0x04)), 0).header())
                .matches(ProxyHeader::isSecure);
        assertThat(read(v2(0x21, 0x11, ipv4(), authority, clear), 0).header()).matches(header -> !header.isSecure());
    }

    @Test
    void verifiesTheChecksum() {
        byte[] header = v2(0x21, 0x11, ipv4(), value(0x03, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        ByteBuffer.wrap(header).putInt(header.length - 4, (int) checksum.getValue());
        assertThat(read(header, 0).header()).isNotNull();

        header[20]++;
        assertThat(read(header, 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x11, ipv4(), value(0x03, (byte) 0)), 0).isInvalid())
                .isTrue();
    }

    @Test
    void refusesMalformedVersion2() {
        assertThat(read(v2(0x11, 0x11, ipv4()), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x22, 0x11, ipv4()), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x12, ipv4()), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x41, ipv4()), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x11, new byte[11]), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x21, ipv4()), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x11, ipv4(), new byte[] {1}), 0).isInvalid()).isTrue();
        assertThat(read(v2(0x21, 0x11, ipv4(), new byte[] {1, 0, 9, 0}), 0).isInvalid())
                .isTrue();
        assertThat(read(v2(0x21, 0x11, ipv4(), value(0x20, (byte) 1)), 0).isInvalid())
                .isTrue();
    }

    @Test
    void theLengthIsBoundedBeforeAnythingIsHeld() {
        byte[] tooLong = Arrays.copyOf(v2(0x21, 0x11), 16);
        ByteBuffer.wrap(tooLong).putShort(14, (short) (ProxyHeaderReader.MOST - 15));
        assertThat(read(tooLong, 0).isInvalid()).isTrue();

        byte[] longest = v2(0x21, 0x11, ipv4(), value(0x99, new byte[ProxyHeaderReader.MOST - 31]));
        assertThat(longest).hasSize(ProxyHeaderReader.MOST);
        assertThat(read(longest, 0).header()).isNotNull();
    }

    @Test
    void garbageNeitherPassesNorThrows() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            byte[] bytes = i % 2 == 0 ? v2(0x21, 0x11 + 0x10 * random.nextInt(3), garbage) : garbage;
            ProxyHeaderReader reader = new ProxyHeaderReader();
            reader.read(Unpooled.wrappedBuffer(bytes));
            assertThat(reader.isInvalid() && reader.header() != null).isFalse();
        }
    }
}
