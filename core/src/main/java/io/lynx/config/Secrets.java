package io.lynx.config;

import java.util.Locale;

/** Which names tell of a secret, and how one is shown. A second line behind {@link Secret}, for keys nobody annotated. */
final class Secrets {
    static final String MASK = "***";

    private Secrets() {}

    /** Whether a key or variable of that name holds a secret, going by its last word. */
    static boolean isSecretName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('-', '_').replace('.', '_');
        int lastWord = plain.lastIndexOf('_') + 1;
        return switch (plain.substring(lastWord)) {
            case "password", "passwd", "passphrase", "secret", "token", "credential", "credentials" -> true;
            case "key" -> plain.endsWith("api_key") || plain.endsWith("private_key") || plain.endsWith("access_key");
            default -> false;
        };
    }

    /** The text with the password of a URL's {@code user:password@} masked. */
    static String maskUserInfo(String text) {
        int authority = text.indexOf("://");
        if (authority < 0) {
            return text;
        }
        int at = text.indexOf('@', authority);
        int colon = text.indexOf(':', authority + 3);
        int path = text.indexOf('/', authority + 3);
        boolean hasPassword = colon >= 0 && colon < at && (path < 0 || at < path);
        return hasPassword ? text.substring(0, colon + 1) + MASK + text.substring(at) : text;
    }
}
