package io.lynx.grpc;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Methods whose messages are texts, described by hand. */
final class Texts {
    static final String SERVICE = "test.v1.Texts";

    static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    static final MethodDescriptor<String, String> SERVER = method("Server", MethodType.SERVER_STREAMING);
    static final MethodDescriptor<String, String> CLIENT = method("Client", MethodType.CLIENT_STREAMING);
    static final MethodDescriptor<String, String> BIDI = method("Bidi", MethodType.BIDI_STREAMING);

    /** Never takes a message. */
    static final MethodDescriptor<String, String> STUCK = method("Stuck", MethodType.BIDI_STREAMING);

    private Texts() {}

    static MethodDescriptor<String, String> method(String name, MethodType type) {
        return method(SERVICE, name, type);
    }

    static MethodDescriptor<String, String> method(String service, String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    /** Returns metadata whose value throws with the message "broken" when it is written. */
    static Metadata unwritable() {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("broken-bin", new Unwritable()), "broken");
        return metadata;
    }

    private static final class Unwritable implements Metadata.BinaryStreamMarshaller<String> {
        @Override
        public InputStream toStream(String value) {
            throw new IllegalStateException(value);
        }

        @Override
        public String parseStream(InputStream stream) {
            return "";
        }
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream in) {
            try {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
