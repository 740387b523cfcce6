package io.lynx.grpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Codec;
import io.grpc.MethodDescriptor;
import io.lynx.grpc.engine.wire.InboundMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What decoded messages take of the memory of a server. */
class MessageCodingTest {
    private static final int LARGE = 600_000;
    private static final int MEMORY = 1_000_000;

    private static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.v1.Bytes/Unary")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();

    private final InboundMemory memory = new InboundMemory(MEMORY);
    private final MessageCoding first = new MessageCoding(new Codec.Gzip(), _ -> null, LARGE, memory);
    private final MessageCoding second = new MessageCoding(new Codec.Gzip(), _ -> null, LARGE, memory);

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static InboundMessage compressed(int length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new byte[length]);
        }
        return new InboundMessage(out.toByteArray(), 0, out.size(), true);
    }

    @Test
    void smallCompressedMessagesThatBecomeLargeAreBoundedTogether() throws Exception {
        InboundMessage message = compressed(LARGE);
        assertThat(message.length()).isLessThan(2_000);

        assertThat(first.decode(METHOD, message)).hasSize(LARGE);
        assertThat(memory.held()).isEqualTo(LARGE);
        assertThatThrownBy(() -> second.decode(METHOD, message))
                .isInstanceOf(MessageCoding.UndecodableException.class)
                .hasMessageContaining("the server holds too many messages");
        first.release();

        assertThat(second.decode(METHOD, message)).hasSize(LARGE);
        second.release();
        second.release();
        assertThat(memory.held()).isZero();
    }

    @Test
    void largeMessagesThatAreNotCompressedCountToo() throws Exception {
        InboundMessage message = new InboundMessage(new byte[LARGE], 0, LARGE, false);

        assertThat(first.decode(METHOD, message)).hasSize(LARGE);

        assertThat(memory.held()).isEqualTo(LARGE);
    }

    @Test
    void smallMessagesAreNotCounted() throws Exception {
        assertThat(first.decode(METHOD, compressed(1000))).hasSize(1000);

        assertThat(memory.held()).isZero();
    }
}
