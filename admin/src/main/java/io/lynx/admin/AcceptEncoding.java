package io.lynx.admin;

import java.util.List;
import java.util.Locale;

/** Reads {@code Accept-Encoding} (RFC 9110, 12.5.3). Stateless. */
final class AcceptEncoding {
    private AcceptEncoding() {}

    /** Returns whether the client accepts gzip: by its name, or otherwise by {@code *}, and not with {@code q=0}. */
    static boolean takesGzip(List<String> headers) {
        boolean others = false;
        for (String header : headers) {
            for (String coding : header.split(",", -1)) {
                String[] parts = coding.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
                if (parts[0].equals("gzip") || parts[0].equals("x-gzip")) {
                    return isWanted(parts);
                }
                others |= parts[0].equals("*") && isWanted(parts);
            }
        }
        return others;
    }

    private static boolean isWanted(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].matches("q=0(\\.0{0,3})?")) {
                return false;
            }
        }
        return true;
    }
}
