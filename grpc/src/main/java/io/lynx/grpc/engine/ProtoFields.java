package io.lynx.grpc.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads a message of Protocol Buffers whose class this module does not have. Stateless. */
final class ProtoFields {
    private ProtoFields() {}

    /** Takes one field. */
    interface Reader<T> {
        /**
         * Reads the value of a field; returns null, without having read anything, if it is of no interest.
         *
         * @throws IOException if it is malformed
         */
        @Nullable
        T read(int field, CodedInputStream value) throws IOException;
    }

    /** Returns what the reader made of the last field that it took; {@code none} if it took none. */
    static <T> T read(InputStream in, Reader<T> reader, T none) {
        T result = none;
        try {
            CodedInputStream from = CodedInputStream.newInstance(in);
            int tag = from.readTag();
            while (tag != 0) {
                T taken = reader.read(WireFormat.getTagFieldNumber(tag), from);
                if (taken == null) {
                    boolean _ = from.skipField(tag);
                } else {
                    result = taken;
                }
                tag = from.readTag();
            }
            return result;
        } catch (IOException | IndexOutOfBoundsException malformed) {
            throw Status.INTERNAL
                    .withDescription("malformed message")
                    .withCause(malformed)
                    .asRuntimeException();
        }
    }
}
