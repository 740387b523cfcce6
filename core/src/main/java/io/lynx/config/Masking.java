package io.lynx.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Masks secrets in text that leaves the process: health and debug pages, dead letters, logs, start-up errors and metric labels.
 * It knows common shapes only; a secret that looks like any other word is the caller's to keep out. Stateless and thread-safe.
 */
public final class Masking {
    /** What is shown instead of a secret. */
    public static final String MASK = "***";

    private static final String WORDS =
            "password|passwd|passphrase|pwd|secret|token|authorization|credentials?|api[_-]?key|access[_-]?key|private[_-]?key|cookie";
    private static final Pattern SECRET_NAME = Pattern.compile(WORDS + "|^auth$|session[_-]?id");
    /** A telling word that ends a name, a separator, and a value: in quotes, or up to the next break. */
    private static final Pattern PAIR = Pattern.compile("(?i)((?:" + WORDS
            + ")[\"']?\\s{0,2}[=:]\\s{0,2})((?:bearer|basic)\\s{1,2})?(\"[^\"]*+\"?|'[^']*+'?|[^\\s,;&)}\\]\"']++)");

    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s{1,2}[A-Za-z0-9+/._~=-]{8,}+");
    private static final Pattern USER_INFO = Pattern.compile("(://[^\\s/:@]{0,128}+:)[^\\s/@]++@");

    private Masking() {}

    /** Returns whether a value under {@code name} is a secret. */
    public static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** Returns {@code text} with its secrets masked. */
    public static String mask(String text) {
        String masked = text;
        if (text.indexOf('=') >= 0 || text.indexOf(':') >= 0) {
            masked = PAIR.matcher(masked).replaceAll("$1" + MASK);
            masked = USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
        }
        return masked.indexOf(' ') < 0 ? masked : BEARER.matcher(masked).replaceAll("$1 " + MASK);
    }
}
