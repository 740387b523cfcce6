package io.lynx.http.engine.answer;

import java.util.List;
import java.util.Locale;

/** What a client accepts by {@code Accept-Encoding} (RFC 9110, 12.5.3). Stateless. */
final class GzipAcceptance {
    private static final int UNKNOWN = -1;
    private static final int ONE = 1000;

    private GzipAcceptance() {}

    /** Returns whether an answer to these header lines may use gzip and the client does not prefer the answer as it is. */
    static boolean prefersGzip(List<String> lines) {
        int gzip = UNKNOWN;
        int identity = UNKNOWN;
        int any = UNKNOWN;
        for (String line : lines) {
            for (String element : line.split(",")) {
                int semicolon = element.indexOf(';');
                String coding = (semicolon < 0 ? element : element.substring(0, semicolon))
                        .strip()
                        .toLowerCase(Locale.ROOT);
                int weight = semicolon < 0 ? ONE : weight(element.substring(semicolon + 1));
                switch (coding) {
                    case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
                    case "identity" -> identity = Math.max(identity, weight);
                    case "*" -> any = Math.max(any, weight);
                    default -> {}
                }
            }
        }
        int accepted = gzip == UNKNOWN ? any : gzip;
        return accepted > 0 && accepted >= identity;
    }

    /** Returns the weight {@code q=0.5} in thousandths; 0 if it is malformed, so that the coding is not used. */
    private static int weight(String parameter) {
        String text = parameter.strip();
        if (text.length() < 3 || text.length() > 7 || !text.regionMatches(true, 0, "q=", 0, 2)) {
            return 0;
        }
        char whole = text.charAt(2);
        int weight = whole == '1' ? ONE : 0;
        boolean isValid = (whole == '0' || whole == '1') && (text.length() == 3 || text.charAt(3) == '.');
        int place = 100;
        for (int i = 4; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            isValid &= digit >= 0 && digit <= 9;
            weight += place * digit;
            place /= 10;
        }
        return isValid && weight <= ONE ? weight : 0;
    }
}
