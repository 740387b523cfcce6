package io.lynx.kafka;

import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the value of a record. Must be thread-safe. */
@FunctionalInterface
interface RecordDecoder<T> {
    /**
     * Reads a value.
     *
     * @throws Exception if the bytes are not a value
     */
    T decode(byte[] value) throws Exception;

    /** Returns the decoder of a type: bytes as they are, text in UTF-8, anything else from JSON. */
    static <T> RecordDecoder<T> of(Class<T> type, JsonCodec json) {
        if (type == byte[].class) {
            return type::cast;
        }
        if (type == String.class) {
            return value -> type.cast(text(value));
        }
        TypeOf<T> read = TypeOf.of(type);
        return value -> json.read(value, read);
    }

    /** Reads text, and refuses what is not UTF-8. */
    private static String text(byte[] value) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(value))
                .toString();
    }
}
