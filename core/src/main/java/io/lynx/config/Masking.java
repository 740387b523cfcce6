package io.lynx.config;

/**
 * Masks secrets in text that leaves the process: health and debug pages, dead letters, logs, start-up errors and metric
 * labels.
 *
 * <p>It knows the user info of URLs (with several hosts, with {@code @} in the password, with a token as user), query
 * parameters and JDBC properties, the headers {@code Authorization}, {@code Cookie} and {@code Set-Cookie}, and names
 * with values in key-value form and in JSON, escaped JSON included. It cannot recognize a secret that looks like an
 * ordinary word under an ordinary name: the caller must leave that out. In doubt it masks.
 *
 * <p>It takes one pass over the text, in linear time for every input. Masking a masked text changes nothing. Stateless
 * and thread-safe.
 */
public final class Masking {
    /** The text that replaces a secret. */
    public static final String MASK = "***";

    private Masking() {}

    /** Returns whether a value under {@code name} is a secret: a key, a header, a query parameter, an environment variable. */
    public static boolean isSecretName(String name) {
        return SecretNames.isSecret(name, 0, name.length());
    }

    /** Returns {@code text} with its secrets masked; the same instance if it holds none. */
    public static String mask(String text) {
        return mayHoldSecret(text) ? new SecretScanner(text).masked() : text;
    }

    /** A cheap test: a secret follows a colon, an equals sign, its escape, or an authentication scheme with a space. */
    private static boolean mayHoldSecret(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ':' || c == '=' || c == ' ' || c == '%') {
                return true;
            }
        }
        return false;
    }

    /** Returns {@code value} as it may be shown under {@code name}: {@link #MASK} for a secret name, otherwise masked text. */
    public static String mask(String name, String value) {
        return isSecretName(name) && !value.isEmpty() ? MASK : mask(value);
    }
}
