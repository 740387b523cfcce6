package io.lynx.http.engine.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The content codings that a client accepts (RFC 9110, 12.5.3). */
final class AcceptedEncodings {
    /** A coding with the ending of the files that have it, the one that compresses best first. */
    enum Coding {
        BROTLI("br", ".br"),
        ZSTD("zstd", ".zst"),
        GZIP("gzip", ".gz");

        private final String token;
        private final String ending;

        Coding(String token, String ending) {
            this.token = token;
            this.ending = ending;
        }

        String token() {
            return token;
        }

        String ending() {
            return ending;
        }
    }

    private AcceptedEncodings() {}

    /** Returns the codings that the client accepts and prefers to none, the preferred ones first. */
    static List<Coding> of(List<String> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        List<String> items = new ArrayList<>();
        headers.forEach(
                header -> items.addAll(List.of(header.toLowerCase(Locale.ROOT).split(",", -1))));
        List<Coding> accepted = new ArrayList<>();
        int identity = Math.max(0, weight(items, "identity"));
        for (Coding coding : Coding.values()) {
            int weight = weight(items, coding.token());
            if (weight > 0 && weight >= identity) {
                accepted.add(coding);
            }
        }
        accepted.sort((a, b) -> weight(items, b.token()) - weight(items, a.token()));
        return accepted;
    }

    /** Returns the weight in thousandths; -1 if the coding is not named. */
    private static int weight(List<String> items, String token) {
        int any = -1;
        for (String item : items) {
            int semicolon = item.indexOf(';');
            String name = (semicolon < 0 ? item : item.substring(0, semicolon)).trim();
            if (name.equals(token)) {
                return weight(semicolon < 0 ? "" : item.substring(semicolon + 1));
            }
            if (name.equals("*") && !token.equals("identity")) {
                any = weight(semicolon < 0 ? "" : item.substring(semicolon + 1));
            }
        }
        return any;
    }

    /** A malformed weight counts as none, so that the coding is not used. */
    private static int weight(String parameter) {
        String text = parameter.replace(" ", "");
        if (text.isEmpty()) {
            return 1000;
        }
        return text.matches("q=(0(\\.\\d{0,3})?|1(\\.0{0,3})?)")
                ? (int) Math.round(Double.parseDouble(text.substring(2)) * 1000)
                : 0;
    }
}
