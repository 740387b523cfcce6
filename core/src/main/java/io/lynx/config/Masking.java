package io.lynx.config;

/**
 * Masks secrets in text that leaves the process: health and debug pages, dead letters, logs, start-up errors and metric labels.
 *
 * <p>It knows the user info of URLs (with several hosts, with {@code @} in the password, with a token as user), query
 * parameters and JDBC properties, the headers {@code Authorization}, {@code Cookie} and {@code Set-Cookie}, and names with
 * values in key-value form and in JSON, escaped JSON included. A secret that looks like any other word, under a name that says
 * nothing, is the caller's to keep out. In doubt it masks too much.
 *
 * <p>One pass over the text, in linear time for every input. Masking a masked text again changes nothing. Stateless and
 * thread-safe.
 */
public final class Masking {
    /** What is shown instead of a secret. */
    public static final String MASK = "***";

    private Masking() {}

    /** Returns whether a value under {@code name} is a secret: a key, a header, a query parameter, an environment variable. */
    public static boolean isSecretName(String name) {
        return SecretNames.isSecret(name, 0, name.length());
    }

    /** Returns {@code text} with its secrets masked; the same instance if it holds none. */
    public static String mask(String text) {
        return new SecretScanner(text).masked();
    }

    /** Returns {@code value} as it may be shown under {@code name}: {@link #MASK} for a secret name, otherwise masked text. */
    public static String mask(String name, String value) {
        return isSecretName(name) && !value.isEmpty() ? MASK : mask(value);
    }
}
