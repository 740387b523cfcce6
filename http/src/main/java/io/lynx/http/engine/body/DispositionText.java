package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code Content-Disposition} as browsers write it: quotes and line breaks in a name are percent-encoded, and a backslash
 * is one, unless it stands before a quote or another backslash.
 */
final class DispositionText {
    private final String text;

    DispositionText(String text) {
        this.text = text;
    }

    boolean isFormData() {
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end)).trim().equalsIgnoreCase("form-data");
    }

    /**
     * Returns the value of a parameter; null if there is none.
     *
     * @throws HttpException (400) if the value is malformed, or there are two of them
     */
    @Nullable
    String parameter(String name) {
        String found = null;
        int at = text.indexOf(';');
        while (at >= 0 && at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String key = text.substring(at + 1, equals).trim();
            StringBuilder value = new StringBuilder();
            at = read(equals + 1, value);
            if (key.equalsIgnoreCase(name)) {
                if (found != null) {
                    throw PartHead.malformed("a part has two parameters " + name);
                }
                found = decoded(value.toString());
            }
        }
        return found;
    }

    /** Reads a value and returns where the semicolon behind it is; the length of the text if it is the last one. */
    private int read(int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        if (at >= text.length() || text.charAt(at) != '"') {
            int semicolon = text.indexOf(';', at);
            int end = semicolon < 0 ? text.length() : semicolon;
            value.append(text, Math.min(at, end), end);
            return end;
        }
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            boolean isEscape = text.charAt(at) == '\\'
                    && at + 1 < text.length()
                    && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
            if (isEscape) {
                at++;
            }
            value.append(text.charAt(at));
        }
        int semicolon = text.indexOf(';', Math.min(at + 1, text.length()));
        int end = semicolon < 0 ? text.length() : semicolon;
        if (at >= text.length() || !text.substring(at + 1, end).isBlank()) {
            throw PartHead.malformed("a quoted value of a part is not closed");
        }
        return end;
    }

    private static String decoded(String value) {
        String plain = value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
        if (plain.indexOf('\0') >= 0) {
            throw PartHead.malformed("a name contains NUL");
        }
        return plain;
    }
}
