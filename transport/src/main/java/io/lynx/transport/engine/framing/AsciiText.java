package io.lynx.transport.engine.framing;

import io.netty.util.AsciiString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Texts that answers repeat, as ASCII bytes, which the library writes faster than strings: names of headers and types of content.
 * The first ones that are used are kept; a text that comes later stays a string. Thread-safe.
 */
public final class AsciiText {
    private static final int MOST = 128;
    private static final int LONGEST = 64;

    /** The texts of all listeners. */
    public static final AsciiText SHARED = new AsciiText();

    private final Map<String, AsciiString> known = new ConcurrentHashMap<>();

    /** Returns {@code text}, as bytes if they are kept. */
    public CharSequence of(String text) {
        AsciiString kept = known.get(text);
        return kept == null ? remember(text) : kept;
    }

    private CharSequence remember(String text) {
        if (known.size() >= MOST || text.length() > LONGEST || !text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        AsciiString bytes = new AsciiString(text);
        known.put(text, bytes);
        return bytes;
    }

    /** Returns the value of the header {@code name}, as bytes if it is one of those that have few values. */
    public CharSequence value(String name, String value) {
        boolean hasFewValues = name.equalsIgnoreCase("content-type")
                || name.equals("grpc-status")
                || name.equals("grpc-accept-encoding");
        return hasFewValues ? of(value) : value;
    }
}
