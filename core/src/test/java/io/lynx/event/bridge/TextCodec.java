package io.lynx.event.bridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;

/** JSON that knows strings without escapes only, as core has no implementation. */
final class TextCodec implements JsonCodec {
    @Override
    public byte[] write(Object value) {
        return ('"' + value.toString() + '"').getBytes(UTF_8);
    }

    @Override
    @SuppressWarnings("unchecked") // Its tests read strings only.
    public <T> T read(byte[] json, TypeOf<T> type) {
        String text = new String(json, UTF_8);
        if (text.length() < 2 || text.charAt(0) != '"' || !type.equals(TypeOf.of(String.class))) {
            throw new JsonReadException("", "is no text", null);
        }
        return (T) text.substring(1, text.length() - 1);
    }
}
