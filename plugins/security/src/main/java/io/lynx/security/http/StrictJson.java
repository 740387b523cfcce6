package io.lynx.security.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON objects of strangers: strictly, without duplicate names, and nested to a limited depth. Stateless. */
final class StrictJson {
    private StrictJson() {}

    /**
     * Reads an object in UTF-8.
     *
     * @throws ParseException if it is not one; the message quotes nothing
     */
    static Map<String, Object> object(byte[] utf8) throws ParseException {
        try {
            return object(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString());
        } catch (CharacterCodingException malformed) {
            throw new ParseException("not UTF-8", 0);
        }
    }

    /**
     * Reads an object.
     *
     * @throws ParseException if it is not one; the message quotes nothing
     */
    static Map<String, Object> object(String json) throws ParseException {
        @Nullable Map<String, Object> read;
        try {
            read = json.isBlank() || json.stripLeading().charAt(0) != '{' ? null : JSONObjectUtils.parse(json);
        } catch (ParseException | RuntimeException malformed) {
            read = null;
        }
        if (read == null) {
            throw new ParseException("not a JSON object", 0);
        }
        return read;
    }
}
