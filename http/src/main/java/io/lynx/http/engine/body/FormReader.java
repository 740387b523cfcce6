package io.lynx.http.engine.body;

import io.lynx.http.Form;
import io.lynx.http.FormLimits;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.http.engine.head.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the body of a request as a form: of the type {@code multipart/form-data} or {@code application/x-www-form-urlencoded}. */
final class FormReader {
    static final String MULTIPART = "multipart/form-data";
    static final String ENCODED = "application/x-www-form-urlencoded";

    private FormReader() {}

    /**
     * Returns the form. The caller closes its files.
     *
     * @throws HttpException (400, 413, 415) if it is malformed, exceeds a limit or is not a form
     */
    static Form read(Request request, FormLimits limits, OpenForm files) {
        try {
            return body(request, limits, files);
        } catch (IOException failed) {
            throw new UncheckedIOException("form: a file that a client sends cannot be stored", failed);
        }
    }

    private static Form body(Request request, FormLimits limits, OpenForm files) throws IOException {
        String contentType = request.header("content-type").orElse("");
        String type = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        return switch (type) {
            case MULTIPART -> {
                String boundary = HeaderText.parameter(contentType, "boundary");
                yield new MultipartReader(request.stream(), boundary, limits, files).read();
            }
            case ENCODED -> new Form(encoded(request.stream(), limits), Map.of());
            default ->
                throw unsupported("content type: '" + type + "'; " + MULTIPART + " or " + ENCODED + " is expected");
        };
    }

    private static HttpException unsupported(String detail) {
        return new HttpException(415, detail, Map.of("Accept", MULTIPART + ", " + ENCODED));
    }

    private static Map<String, List<String>> encoded(InputStream body, FormLimits limits) throws IOException {
        int most = (int) limits.maxFieldBytes().bytes();
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw tooLarge("the fields have more than " + most + " bytes");
        }
        String text = text(bytes);
        Map<String, List<String>> values = new LinkedHashMap<>();
        int fields = 0;
        int from = 0;
        while (from <= text.length()) {
            int ampersand = text.indexOf('&', from);
            int end = ampersand < 0 ? text.length() : ampersand;
            if (end > from) {
                fields++;
                if (fields > limits.maxFields()) {
                    throw tooLarge("more than " + limits.maxFields() + " fields");
                }
                add(values, text.substring(from, end));
            }
            from = end + 1;
        }
        return values;
    }

    private static void add(Map<String, List<String>> values, String pair) {
        int equals = pair.indexOf('=');
        String name = Path.decode(equals < 0 ? pair : pair.substring(0, equals), true, "form");
        String value = equals < 0 ? "" : Path.decode(pair.substring(equals + 1), true, "form");
        values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
    }

    /**
     * Returns a text of a form.
     *
     * @throws HttpException (400) if it is not UTF-8
     */
    static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new HttpException(400, "form: a name or a field is not UTF-8", malformed);
        }
    }

    static HttpException tooLarge(String detail) {
        return new HttpException(413, "form: " + detail);
    }
}
