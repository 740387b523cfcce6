package io.lynx.http.engine.files;

import java.util.Locale;

/**
 * Decides which paths can name a static file. It refuses whatever one of the layers behind it could understand in another way: encoded
 * slashes, backslashes, colons, control characters, and segments that are empty, begin with a dot, or end with a dot or a space.
 */
final class StaticPath {
    private static final int LONGEST = 1024;

    private StaticPath() {}

    /**
     * Returns whether {@code path} can name a file or, with a slash at its end, a directory.
     *
     * @param raw the path of the request as the client sent it
     * @param path the decoded part of it behind the prefix of the files
     */
    static boolean isSafe(String raw, String path) {
        String lower = raw.toLowerCase(Locale.ROOT);
        if (lower.contains("%2f") || lower.contains("%5c") || path.length() > LONGEST) {
            return false;
        }
        int from = 0;
        while (from < path.length()) {
            int slash = path.indexOf('/', from);
            int end = slash < 0 ? path.length() : slash;
            if (!isSafeSegment(path, from, end)) {
                return false;
            }
            from = end + 1;
        }
        return !path.isEmpty();
    }

    private static boolean isSafeSegment(String path, int from, int end) {
        if (from == end || path.charAt(from) == '.') {
            return false;
        }
        for (int i = from; i < end; i++) {
            char c = path.charAt(i);
            if (c < ' ' || c == '\\' || c == ':' || (c >= 0x7f && c < 0xa0)) {
                return false;
            }
        }
        char last = path.charAt(end - 1);
        return last != '.' && last != ' ';
    }
}
