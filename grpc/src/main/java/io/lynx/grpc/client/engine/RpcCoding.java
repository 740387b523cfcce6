package io.lynx.grpc.client.engine;

import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.lynx.grpc.engine.wire.BoundedInput;
import io.lynx.grpc.engine.wire.InboundMessage;
import io.lynx.grpc.engine.wire.MessageBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Encodes the messages of a call and decodes those of its answer. Thread-safe. */
final class RpcCoding<Q, R> {
    static final String ACCEPTED =
            String.join(",", DecompressorRegistry.getDefaultInstance().getAdvertisedMessageEncodings());

    private final MethodDescriptor<Q, R> method;
    private final @Nullable Compressor compressor;
    private final int maxReceived;
    private final String key;
    private volatile boolean isCompressing = true;
    private volatile @Nullable Decompressor decompressor;

    /**
     * The coding of one call.
     *
     * @param compression the encoding of its messages; empty for none
     * @param maxReceived the largest message of the answer
     * @param key the configuration key of that size
     * @throws IllegalArgumentException if there is no such compression
     */
    RpcCoding(MethodDescriptor<Q, R> method, String compression, int maxReceived, String key) {
        this.method = method;
        this.maxReceived = maxReceived;
        this.key = key;
        this.compressor = compressor(compression);
    }

    /** Returns the coding of a call: what its options say, otherwise what its client says. */
    static <Q, R> RpcCoding<Q, R> of(MethodDescriptor<Q, R> method, CallOptions options, RpcRules rules) {
        String compression = options.getCompressor();
        Integer most = options.getMaxInboundMessageSize();
        return new RpcCoding<>(
                method,
                compression == null ? rules.compressor() : compression,
                most == null ? rules.maxMessageSize() : most,
                rules.section() + ".max_message_size");
    }

    private static @Nullable Compressor compressor(String name) {
        if (name.isEmpty() || name.equals(Codec.Identity.NONE.getMessageEncoding())) {
            return null;
        }
        Compressor known = CompressorRegistry.getDefaultInstance().lookupCompressor(name);
        if (known == null) {
            throw new IllegalArgumentException("compression: '" + name + "' is not known; gzip or identity");
        }
        return known;
    }

    /** Signals a message of an answer that cannot be read. It has no stack trace. */
    static final class UnreadableException extends Exception {
        private final transient Status status;

        UnreadableException(Status status) {
            super(status.getDescription(), null, false, false);
            this.status = status;
        }

        Status status() {
            return status;
        }
    }

    /** Returns the encoding that the head of the call names; null for none. */
    @Nullable
    String encoding() {
        return compressor == null ? null : compressor.getMessageEncoding();
    }

    void compressMessages(boolean isEnabled) {
        isCompressing = isEnabled;
    }

    /**
     * Returns {@code message} with its prefix.
     *
     * @throws RuntimeException what its marshaller throws
     */
    byte[] encode(Q message) {
        Compressor chosen = compressor;
        try (InputStream in = method.streamRequest(message)) {
            return chosen != null && isCompressing ? MessageBytes.compressed(in, chosen) : MessageBytes.plain(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int maxReceived() {
        return maxReceived;
    }

    String key() {
        return key;
    }

    /** The answer names this encoding; returns whether it is known. */
    boolean decompressBy(@Nullable String encoding) {
        if (encoding == null || encoding.equals(Codec.Identity.NONE.getMessageEncoding())) {
            return true;
        }
        decompressor = DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding);
        return decompressor != null;
    }

    boolean hasDecompressor() {
        return decompressor != null;
    }

    R decode(InboundMessage message) throws UnreadableException {
        Decompressor chosen = decompressor;
        try {
            if (!message.isCompressed() || chosen == null) {
                try (InputStream in = message.open()) {
                    return method.parseResponse(in);
                }
            }
            try (InputStream in = new BoundedInput(chosen.decompress(message.open()), maxReceived)) {
                return method.parseResponse(in);
            }
        } catch (RuntimeException | IOException invalid) {
            if (BoundedInput.isExceeded(invalid)) {
                throw new UnreadableException(Status.RESOURCE_EXHAUSTED.withDescription(
                        "message: more than " + maxReceived + " bytes when decompressed (" + key + ")"));
            }
            throw new UnreadableException(Status.INTERNAL
                    .withDescription(
                            invalid instanceof IOException
                                    ? "message: it cannot be decompressed"
                                    : "message: it is not one of the method's type")
                    .withCause(invalid));
        }
    }
}
