package io.lynx.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media range of an {@code Accept} header (RFC 9110, 12.5.1). Immutable.
 *
 * @param type such as {@code text/plain} or {@code text/*}, in lower case
 * @param parameters by name, in lower case; without {@code q}
 * @param quality its weight {@code q}, 0 to 1; 0 if it is not acceptable
 */
record MediaRange(String type, Map<String, String> parameters, double quality) {
    private static final int MOST = 50;

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    /** Returns the ranges of a header in their order, at most fifty; a malformed one is left out. */
    static List<MediaRange> parse(String accept) {
        List<MediaRange> ranges = new ArrayList<>();
        for (String one : split(accept, ',')) {
            List<String> parts = split(one, ';');
            String type = parts.getFirst().strip().toLowerCase(Locale.ROOT);
            if (type.indexOf('/') > 0 && ranges.size() < MOST) {
                ranges.add(of(type, parts.subList(1, parts.size())));
            }
        }
        return ranges;
    }

    private static MediaRange of(String type, List<String> parts) {
        Map<String, String> parameters = new HashMap<>();
        double quality = 1;
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                String name = part.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                String value = unquoted(part.substring(equals + 1).strip());
                if (name.equals("q")) {
                    quality = quality(value);
                } else {
                    parameters.putIfAbsent(name, value);
                }
            }
        }
        return new MediaRange(type, parameters, quality);
    }

    private static double quality(String text) {
        try {
            double value = Double.parseDouble(text);
            return value >= 0 && value <= 1 ? value : 0;
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    private static String unquoted(String text) {
        boolean isQuoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return isQuoted ? text.substring(1, text.length() - 1).replace("\\", "") : text;
    }

    /** Splits at a character that is not between quotes. */
    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && isQuoted) {
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == at && !isQuoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(Math.min(from, text.length())));
        return parts;
    }
}
