package io.lynx.http.engine.head;

import io.lynx.http.HttpException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The request target (RFC 9112, 3.2): a path with a query, in origin form or absolute form. */
public final class Target {
    private Target() {}

    /** Returns the part before the query, without the scheme and authority of an absolute form. */
    public static String path(String target) {
        int start = start(target);
        int end = target.indexOf('?', start);
        String path = end < 0 ? target.substring(start) : target.substring(start, end);
        return path.isEmpty() && start > 0 ? "/" : path;
    }

    /**
     * Returns the parameters of the query, decoded.
     *
     * @throws HttpException (400) if they cannot be decoded
     */
    public static Map<String, List<String>> query(String target) {
        int mark = target.indexOf('?');
        if (mark < 0) {
            return Map.of();
        }
        Map<String, List<String>> parameters = new HashMap<>();
        for (String pair : target.substring(mark + 1).split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = Path.decode(equals < 0 ? pair : pair.substring(0, equals), true, "query");
                String value = equals < 0 ? "" : Path.decode(pair.substring(equals + 1), true, "query");
                parameters.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
            }
        }
        return parameters;
    }

    /** Returns the authority of an absolute form; null if the target has another form. */
    static @Nullable String authority(String target) {
        int end = start(target);
        return end == 0 ? null : target.substring(target.indexOf("://") + 3, end);
    }

    private static int start(String target) {
        if (target.startsWith("/")) {
            return 0;
        }
        int scheme = hasScheme(target, "http://") ? 7 : hasScheme(target, "https://") ? 8 : -1;
        if (scheme < 0) {
            return 0;
        }
        for (int i = scheme; i < target.length(); i++) {
            if (target.charAt(i) == '/' || target.charAt(i) == '?') {
                return i;
            }
        }
        return target.length();
    }

    /** Schemes are case-insensitive. */
    private static boolean hasScheme(String target, String scheme) {
        return target.regionMatches(true, 0, scheme, 0, scheme.length());
    }
}
