package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of one part of a form (RFC 7578, 4.2).
 *
 * @param rawFileName the name of the file as the client sent it; null if the part is not a file
 */
record PartHead(
        String name, @Nullable String rawFileName, @Nullable String contentType) {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_FILE_NAME = 255;
    private static final List<String> PLAIN = List.of("7bit", "8bit", "binary");

    /**
     * Reads the head from its lines.
     *
     * @throws HttpException (400, 415) if it is malformed
     */
    static PartHead of(List<String> lines) {
        String disposition = null;
        String type = null;
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw malformed("a header of a part has no name");
            }
            String value = line.substring(colon + 1).trim();
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    if (disposition != null) {
                        throw malformed("a part has two dispositions");
                    }
                    disposition = value;
                }
                case "content-type" -> type = value;
                case "content-transfer-encoding" -> {
                    if (!PLAIN.contains(value.toLowerCase(Locale.ROOT))) {
                        throw new HttpException(415, "form: a part has a transfer encoding; none is expected");
                    }
                }
                default -> {}
            }
        }
        return of(new DispositionText(disposition == null ? "" : disposition), type);
    }

    private static PartHead of(DispositionText disposition, @Nullable String type) {
        String name = disposition.parameter("name");
        if (!disposition.isFormData() || name == null) {
            throw malformed("a part has no name");
        }
        if (name.length() > LONGEST_NAME) {
            throw malformed("the name of a field has more than " + LONGEST_NAME + " characters");
        }
        return new PartHead(name, disposition.parameter("filename"), type);
    }

    static HttpException malformed(String detail) {
        return new HttpException(400, "form: " + detail);
    }

    boolean isFile() {
        return rawFileName != null;
    }

    /** The name for messages. */
    String shownName() {
        return name.length() <= 64 ? name : name.substring(0, 63) + "…";
    }

    /** The last segment of the client's name for the file, without what could do harm where it is shown or written. */
    String fileName() {
        String raw = rawFileName == null ? "" : rawFileName;
        String last = raw.substring(Math.max(raw.lastIndexOf('/'), raw.lastIndexOf('\\')) + 1);
        StringBuilder safe = new StringBuilder(last.length());
        last.codePoints().filter(PartHead::isHarmless).limit(LONGEST_FILE_NAME).forEach(safe::appendCodePoint);
        int from = 0;
        while (from < safe.length() && (safe.charAt(from) == '.' || safe.charAt(from) == ' ')) {
            from++;
        }
        return safe.substring(from);
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
