package io.lynx.grpc.engine;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes a message of Protocol Buffers whose class this module does not have. Not thread-safe. */
final class ProtoBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    private interface Field {
        void write(CodedOutputStream out) throws IOException;
    }

    private ProtoBytes add(Field field) {
        try {
            field.write(out);
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    ProtoBytes number(int field, long value) {
        return value == 0 ? this : add(to -> to.writeInt64(field, value));
    }

    ProtoBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoBytes bytes(int field, byte[] value) {
        return add(to -> to.writeByteArray(field, value));
    }

    ProtoBytes message(int field, ProtoBytes value) {
        return bytes(field, value.done());
    }

    byte[] done() {
        ProtoBytes _ = add(CodedOutputStream::flush);
        return bytes.toByteArray();
    }
}
