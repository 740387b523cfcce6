package io.lynx.grpc.engine;

import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.lynx.grpc.engine.wire.BoundedInput;
import io.lynx.grpc.engine.wire.InboundMessage;
import io.lynx.grpc.engine.wire.MessageBytes;
import io.lynx.grpc.engine.wire.MetadataText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes the messages of one call: marshalling, compression and framing. Used by one thread at a time, but for what
 * changes the compression.
 */
final class MessageCoding {
    static final String ENCODING = "grpc-encoding";
    static final String ACCEPT_ENCODING = "grpc-accept-encoding";

    /** A decoded message up to this size is not counted, since the limit of calls in flight bounds them. */
    private static final int SMALL = 16 * 1024;

    private static final DecompressorRegistry DECOMPRESSORS = DecompressorRegistry.getDefaultInstance();
    private static final String ACCEPTED = String.join(",", DECOMPRESSORS.getAdvertisedMessageEncodings());

    private final @Nullable Decompressor decompressor;
    private final Function<String, @Nullable String> request;
    private final long maxMessageSize;
    private final InboundMemory memory;
    private volatile @Nullable Compressor compressor;
    private volatile boolean isCompressing = true;
    private boolean usesCompressor;

    /** What the decoded messages that the service works on take of the memory. */
    private long kept;

    /**
     * The coding of one call.
     *
     * @param decompressor that of the request; null if its messages are not compressed
     * @param request returns a header of the request, or null
     * @param memory bounds what decoded messages take
     */
    MessageCoding(
            @Nullable Decompressor decompressor,
            Function<String, @Nullable String> request,
            long maxMessageSize,
            InboundMemory memory) {
        this.decompressor = decompressor;
        this.request = request;
        this.maxMessageSize = maxMessageSize;
        this.memory = memory;
    }

    /** Signals a message of a client that cannot be read. */
    static final class UndecodableException extends Exception {
        private final transient Status status;

        UndecodableException(Status status) {
            super(status.getDescription(), null, false, false);
            this.status = status;
        }

        Status status() {
            return status;
        }
    }

    /** Returns the decompressor of that name; null if there is none. */
    static @Nullable Decompressor decompressor(String encoding) {
        return DECOMPRESSORS.lookupDecompressor(encoding);
    }

    /** The encodings that clients may use. */
    static String acceptedEncodings() {
        return ACCEPTED;
    }

    /** Whether messages of the client may be compressed. */
    boolean hasDecompressor() {
        return decompressor != null && !decompressor.equals(Codec.Identity.NONE);
    }

    /** Chooses a compression for the answer. */
    void compressBy(String name) {
        Compressor found = CompressorRegistry.getDefaultInstance().lookupCompressor(name);
        if (found == null) {
            throw new IllegalArgumentException("compression: '" + name + "' is not known; gzip or identity");
        }
        compressor = found;
    }

    void compressMessages(boolean enabled) {
        isCompressing = enabled;
    }

    /** The header fields of the answer. */
    List<String> head(Metadata metadata) {
        Compressor chosen = compressor;
        usesCompressor = chosen != null && !chosen.equals(Codec.Identity.NONE) && accepts(chosen.getMessageEncoding());
        List<String> fields = new ArrayList<>(8);
        fields.add("content-type");
        fields.add(GrpcProtocol.CONTENT_TYPE);
        if (usesCompressor && chosen != null) {
            fields.add(ENCODING);
            fields.add(chosen.getMessageEncoding());
        }
        fields.add(ACCEPT_ENCODING);
        fields.add(ACCEPTED);
        MetadataText.write(metadata, fields);
        return fields;
    }

    private boolean accepts(String encoding) {
        String encodings = request.apply(ACCEPT_ENCODING);
        if (encodings == null) {
            return false;
        }
        for (String each : encodings.split(",", -1)) {
            if (each.strip().equals(encoding)) {
                return true;
            }
        }
        return false;
    }

    /** Returns {@code message} with its prefix. */
    <T> byte[] encode(MethodDescriptor<?, T> method, T message) {
        Compressor chosen = compressor;
        try (InputStream in = method.streamResponse(message)) {
            return usesCompressor && isCompressing && chosen != null
                    ? MessageBytes.compressed(in, chosen)
                    : MessageBytes.plain(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns what {@code message} means. A large one is counted as memory until {@link #release}: compressed ones of a few kilobytes
     * could fill the heap otherwise.
     */
    <T> T decode(MethodDescriptor<T, ?> method, InboundMessage message) throws UndecodableException {
        Decompressor chosen = decompressor;
        try {
            if (!message.isCompressed() || chosen == null) {
                try (InputStream in = message.open()) {
                    T request = method.parseRequest(in);
                    keep(message.length());
                    return request;
                }
            }
            try (BoundedInput in = new BoundedInput(chosen.decompress(message.open()), maxMessageSize)) {
                T request = method.parseRequest(in);
                keep(maxMessageSize - in.left());
                return request;
            }
        } catch (BoundedInput.ExceededException exceeded) {
            throw tooLarge();
        } catch (RuntimeException invalid) {
            throw BoundedInput.isExceeded(invalid)
                    ? tooLarge()
                    : new UndecodableException(
                            Status.INTERNAL.withDescription("message: it is not one of the method's type"));
        } catch (IOException invalid) {
            throw new UndecodableException(Status.INTERNAL.withDescription("message: it cannot be decompressed"));
        }
    }

    private void keep(long bytes) throws UndecodableException {
        if (bytes > SMALL) {
            if (!memory.take(bytes)) {
                throw new UndecodableException(MessageReader.EXHAUSTED);
            }
            kept += bytes;
        }
    }

    /** The service needs the messages that were decoded no longer. */
    void release() {
        if (kept > 0) {
            memory.giveBack(kept);
            kept = 0;
        }
    }

    private UndecodableException tooLarge() {
        return new UndecodableException(Status.RESOURCE_EXHAUSTED.withDescription(
                "message: more than " + maxMessageSize + " bytes when decompressed (lynx.grpc.max_message_size)"));
    }
}
