package io.lynx.http.engine.binding;

import io.lynx.http.HttpException;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.JsonCodec.JsonWriteException;
import io.lynx.json.TypeOf;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Reads and writes JSON bodies; what the codec refuses to read becomes an answer. */
public final class Json {
    private Json() {}

    /** Returns a value as JSON. */
    public static byte[] write(JsonCodec codec, Object value) {
        try {
            return Objects.requireNonNull(codec.write(value), "the JSON codec wrote null");
        } catch (JsonWriteException e) {
            throw new IllegalArgumentException(
                    "answer: a " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    /**
     * Requires a content type of JSON.
     *
     * @throws HttpException (415) if it is another one
     */
    public static void requireType(String contentType) {
        String mediaType = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        if (!mediaType.equals("application/json") && !mediaType.endsWith("+json")) {
            throw new HttpException(
                    415,
                    "content type: " + (mediaType.isEmpty() ? "none" : "'" + mediaType + "'")
                            + "; application/json is expected",
                    Map.of("Accept", "application/json"));
        }
    }

    public static <T> T read(JsonCodec codec, byte[] body, TypeOf<T> type) {
        try {
            return codec.read(body, type);
        } catch (JsonReadException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof HttpException ours) {
                    throw ours;
                }
            }
            throw new HttpException(400, (e.path().isEmpty() ? "body" : e.path()) + ": " + e.problem(), e.getCause());
        }
    }
}
