package io.lynx.http.engine.head;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the cookies of a request (RFC 6265, 5.4). */
public final class Cookies {
    private Cookies() {}

    /** Returns the values of each cookie in the order of arrival; malformed pairs are ignored. */
    public static Map<String, List<String>> parse(List<String> headers) {
        Map<String, List<String>> cookies = new LinkedHashMap<>();
        for (String header : headers) {
            int from = 0;
            while (from <= header.length()) {
                int semicolon = header.indexOf(';', from);
                int end = semicolon < 0 ? header.length() : semicolon;
                add(cookies, header.substring(from, end));
                from = end + 1;
            }
        }
        return cookies;
    }

    /** Returns the first value of each cookie. */
    public static Map<String, String> firstOfEach(Map<String, List<String>> cookies) {
        Map<String, String> first = new LinkedHashMap<>();
        cookies.forEach((name, values) -> first.put(name, values.getFirst()));
        return first;
    }

    private static void add(Map<String, List<String>> cookies, String pair) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).trim();
        if (name.isEmpty()) {
            return;
        }
        String value = pair.substring(equals + 1).trim();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        cookies.computeIfAbsent(name, _ -> new ArrayList<>(1))
                .add(isQuoted ? value.substring(1, value.length() - 1) : value);
    }
}
