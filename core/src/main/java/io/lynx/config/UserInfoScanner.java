package io.lynx.config;

import java.util.Set;

/** Masks the user info of URLs. Not thread-safe. */
final class UserInfoScanner {
    /**
     * The maximum distance behind a slash at which an {@code @} counts as the end of a user info that was not encoded.
     */
    private static final int MAX_UNENCODED = 256;

    /** User names that are longer and contain digits are tokens. */
    private static final int TOKEN_LENGTH = 20;

    /** Schemes whose addresses contain an {@code @} that no password precedes. */
    private static final Set<String> ADDRESSES =
            Set.of("acct", "im", "jdbc", "mailto", "npm", "pkg", "sip", "sips", "urn", "xmpp");

    private final String text;
    private final int length;
    private final MaskedText masked;

    UserInfoScanner(String text, MaskedText masked) {
        this.text = text;
        this.length = text.length();
        this.masked = masked;
    }

    /** Masks {@code user:password@host} as a whole value. */
    int userInfoWithoutScheme() {
        int at = text.lastIndexOf('@');
        int colon = at < 0 ? -1 : text.indexOf(':');
        if (colon <= 0 || colon >= at || text.startsWith("//", colon + 1) || text.startsWith("sha256:", at + 1)) {
            return 0;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean isName = i >= colon || ValueEnds.isNamePart(c);
            if (!isName
                    || c <= ' '
                    || ValueEnds.isQuote(c)
                    || (i > colon && i < at && (c == '=' || c == '{' || c == '/'))) {
                return 0;
            }
        }
        return ADDRESSES.contains(text.substring(0, colon)) ? 0 : masked.mask(colon + 1, at);
    }

    /** Masks the user info of an authority; it ends at the last {@code @} before the path. */
    int authority(int from) {
        int end = from;
        int at = -1;
        int colon = -1;
        for (; end < length && !isAuthorityEnd(text.charAt(end)); end++) {
            char c = text.charAt(end);
            if (c == '@') {
                at = end;
            } else if (c == ':' && colon < 0) {
                colon = end;
            }
        }
        if (at < 0 && colon >= 0 && text.charAt(from) != '[' && !isNumber(colon + 1, end)) {
            at = unencoded(end);
        }
        return at <= from ? from : userInfo(from, colon >= 0 && colon < at ? colon : -1, at);
    }

    /** Returns the last {@code @} of a user info whose password contains a character that would end an authority. */
    private int unencoded(int from) {
        int at = -1;
        int limit = Math.min(length, from + MAX_UNENCODED);
        for (int i = from; i < limit && text.charAt(i) > ' ' && text.charAt(i) != '"'; i++) {
            if (text.charAt(i) == '@') {
                at = i;
            }
        }
        return at;
    }

    private int userInfo(int from, int colon, int at) {
        boolean isUserShown =
                colon >= 0 && colon + 1 < at && !isToken(from, colon) && !text.startsWith("x-oauth-basic@", colon + 1);
        return masked.mask(isUserShown ? colon + 1 : from, at);
    }

    private boolean isToken(int from, int to) {
        if (to - from < TOKEN_LENGTH) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Character.isDigit(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean isNumber(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAuthorityEnd(char c) {
        return c <= ' ' || c == '/' || c == '?' || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\';
    }

    /** Masks {@code jdbc:oracle:thin:user/password@host}. */
    int oracle(int from) {
        int driver = from;
        while (driver < length && ValueEnds.isNamePart(text.charAt(driver))) {
            driver++;
        }
        int slash = driver;
        while (slash < length && text.charAt(slash) > ' ' && text.charAt(slash) != '/' && text.charAt(slash) != '@') {
            slash++;
        }
        if (slash >= length || text.charAt(slash) != '/') {
            return slash;
        }
        int at = unencoded(slash);
        return at < 0 ? slash : masked.mask(slash + 1, at);
    }
}
