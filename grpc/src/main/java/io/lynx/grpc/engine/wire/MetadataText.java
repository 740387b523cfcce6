package io.lynx.grpc.engine.wire;

import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.transport.Head;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Metadata as header fields (gRPC over HTTP/2): values of names that end in {@code -bin} are base64, those of all others are
 * visible ASCII. Stateless, but for the keys that it keeps; thread-safe.
 */
public final class MetadataText {
    private static final int MOST_KEYS = 256;

    /** In bytes as they are sent: clients accept 8 KiB of metadata, with the details of an error. */
    private static final int LONGEST_MESSAGE = 2048;

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** What the server writes itself. */
    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "content-length",
            "te",
            "connection",
            "date",
            "grpc-status",
            "grpc-message",
            "grpc-encoding",
            "grpc-accept-encoding");

    private static final ConcurrentHashMap<String, Metadata.Key<String>> TEXTS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<String, Metadata.Key<byte[]>> BINARIES = new ConcurrentHashMap<>();

    private MetadataText() {}

    /** Signals a value that is not base64. */
    public static final class MalformedException extends Exception {
        MalformedException(String name) {
            super("metadata " + name + ": its value is not base64", null, false, false);
        }
    }

    /** Returns the metadata of a request. Names that metadata cannot have are left out. */
    public static Metadata of(Head head) throws MalformedException {
        Reader reader = new Reader();
        head.forEachHeader(reader::add);
        if (reader.malformed != null) {
            throw new MalformedException(reader.malformed);
        }
        return reader.metadata;
    }

    /** Returns the metadata of an answer: name in lower case, value, name, value… */
    public static Metadata of(List<String> fields) throws MalformedException {
        Reader reader = new Reader();
        for (int i = 0; i < fields.size(); i += 2) {
            reader.add(fields.get(i), fields.get(i + 1));
        }
        if (reader.malformed != null) {
            throw new MalformedException(reader.malformed);
        }
        return reader.metadata;
    }

    private static final class Reader {
        final Metadata metadata = new Metadata();

        @Nullable
        String malformed;

        void add(String name, String value) {
            if (name.isEmpty() || name.charAt(0) == ':' || name.equals("te")) {
                return;
            }
            try {
                if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                    // A field may carry several values.
                    for (String part : value.split(",", -1)) {
                        metadata.put(binary(name), decoded(part.strip()));
                    }
                } else {
                    metadata.put(text(name), value);
                }
            } catch (IllegalArgumentException notBase64) {
                malformed = name;
            } catch (NameException impossible) {
                // Such a header is none of gRPC's.
            }
        }
    }

    private static byte[] decoded(String text) {
        int length = text.length();
        int most = Math.max(0, length - 2);
        while (length > most && text.charAt(length - 1) == '=') {
            length--;
        }
        return Base64.getDecoder().decode(text.substring(0, length));
    }

    /** A name that metadata cannot have. */
    private static final class NameException extends RuntimeException {
        NameException() {
            super(null, null, false, false);
        }
    }

    private static Metadata.Key<String> text(String name) {
        Metadata.Key<String> known = TEXTS.get(name);
        if (known != null) {
            return known;
        }
        Metadata.Key<String> made;
        try {
            made = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        } catch (IllegalArgumentException impossible) {
            throw new NameException();
        }
        if (TEXTS.size() < MOST_KEYS) {
            TEXTS.put(name, made);
        }
        return made;
    }

    private static Metadata.Key<byte[]> binary(String name) {
        Metadata.Key<byte[]> known = BINARIES.get(name);
        if (known != null) {
            return known;
        }
        Metadata.Key<byte[]> made;
        try {
            made = Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
        } catch (IllegalArgumentException impossible) {
            throw new NameException();
        }
        if (BINARIES.size() < MOST_KEYS) {
            BINARIES.put(name, made);
        }
        return made;
    }

    /** Adds metadata as header fields: name, value, name, value… */
    public static void write(Metadata metadata, List<String> fields) {
        for (String name : metadata.keys()) {
            if (RESERVED.contains(name)) {
                continue;
            }
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                Iterable<byte[]> values = metadata.getAll(binary(name));
                if (values != null) {
                    for (byte[] value : values) {
                        fields.add(name);
                        fields.add(Base64.getEncoder().withoutPadding().encodeToString(value));
                    }
                }
            } else {
                Iterable<String> values = metadata.getAll(text(name));
                if (values != null) {
                    for (String value : values) {
                        fields.add(name);
                        fields.add(visible(value));
                    }
                }
            }
        }
    }

    /** A value with another character would make the client refuse the whole answer. */
    private static String visible(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                StringBuilder out = new StringBuilder(value);
                for (int j = i; j < out.length(); j++) {
                    if (out.charAt(j) < ' ' || out.charAt(j) > '~') {
                        out.setCharAt(j, '?');
                    }
                }
                return out.toString();
            }
        }
        return value;
    }

    /** Returns the trailers of an answer as header fields. */
    public static List<String> trailers(Status status, Metadata trailers) {
        List<String> fields = new ArrayList<>(4);
        fields.add("grpc-status");
        fields.add(Integer.toString(status.getCode().value()));
        String message = status.getDescription();
        if (message != null && !message.isEmpty()) {
            fields.add("grpc-message");
            fields.add(encoded(message));
        }
        write(trailers, fields);
        return fields;
    }

    /** Returns {@code message} in percent-encoding, cut before the character that would make it longer than clients accept. */
    static String encoded(String message) {
        StringBuilder out = new StringBuilder(Math.min(message.length() + 32, LONGEST_MESSAGE));
        int at = 0;
        while (at < message.length()) {
            int character = message.codePointAt(at);
            int before = out.length();
            encode(character, out);
            if (out.length() > LONGEST_MESSAGE) {
                out.setLength(before);
                break;
            }
            at += Character.charCount(character);
        }
        return out.toString();
    }

    private static void encode(int character, StringBuilder out) {
        if (isPlain(character)) {
            out.append((char) character);
            return;
        }
        for (byte each : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(HEX[(each >> 4) & 0xf]).append(HEX[each & 0xf]);
        }
    }

    /** Returns the message that is encoded so; what is not encoded correctly stays as it is. */
    public static String message(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            int value = c == '%' && i + 2 < encoded.length() ? hex(encoded, i + 1) : -1;
            if (value >= 0) {
                out.write(value);
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int hex(String text, int at) {
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c <= '~' && c != '%';
    }
}
