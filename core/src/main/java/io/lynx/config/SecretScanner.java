package io.lynx.config;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a text that copies everything but its secrets. It stops at the characters that introduce a secret ({@code :},
 * {@code =}, the first letter of an authentication scheme), looks back over a bounded name, and skips the value. Every step
 * either consumes what it reads or reads a bounded number of characters, so the time is linear. Not thread-safe.
 */
final class SecretScanner {
    private static final int MAX_NAME = 64;
    private static final int MAX_SPACES = 8;
    /** How far behind a slash an {@code @} still counts as the end of a user info that was not encoded. */
    private static final int MAX_UNENCODED = 256;

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int SHORTEST_CREDENTIAL = 8;
    private static final int TOKEN_LENGTH = 20;

    /** Words that follow a name and a colon in a sentence; as values they give nothing away. */
    private static final Set<String> NOT_VALUES = Set.of(
            "absent",
            "cannot",
            "denied",
            "empty",
            "expired",
            "false",
            "has",
            "invalid",
            "is",
            "it",
            "its",
            "left",
            "missing",
            "must",
            "no",
            "none",
            "not",
            "null",
            "refers",
            "required",
            "the",
            "true",
            "undefined",
            "unknown",
            "was");

    private static final Set<String> TOKEN_SCHEMES = Set.of("bearer", "basic", "token", "negotiate", "ntlm", "apikey");

    /** Prefixes of addresses that hold an {@code @} without a password before it. */
    private static final Set<String> ADDRESSES =
            Set.of("acct", "im", "jdbc", "mailto", "npm", "pkg", "sip", "sips", "urn", "xmpp");

    private final String text;
    private final int length;
    private @Nullable StringBuilder out;
    private int copied;

    SecretScanner(String text) {
        this.text = text;
        this.length = text.length();
    }

    String masked() {
        int at = userInfoWithoutScheme();
        while (at < length) {
            at = switch (text.charAt(at)) {
                case ':' -> colon(at);
                case '=' -> assignment(at, at + 1);
                case '%' -> text.regionMatches(true, at, "%3D", 0, 3) ? assignment(at, at + 3) : at + 1;
                case 'B', 'b', 'D', 'd' -> scheme(at);
                default -> at + 1;
            };
        }
        return out == null ? text : out.append(text, copied, length).toString();
    }

    /** Replaces the characters from {@code from} to {@code to}, and returns where to go on. */
    private int mask(int from, int to) {
        if (out == null) {
            out = new StringBuilder(length + 16);
        }
        out.append(text, copied, from).append(Masking.MASK);
        copied = to;
        return to;
    }

    private int colon(int at) {
        if (text.startsWith("//", at + 1)) {
            return authority(at + 3);
        }
        if (text.startsWith("oracle:", at + 1) && text.regionMatches(true, at - 4, "jdbc", 0, 4)) {
            return oracle(at + 8);
        }
        return assignment(at, at + 1);
    }

    // URLs

    /** {@code user:password@host} as a whole value. */
    private int userInfoWithoutScheme() {
        int at = text.lastIndexOf('@');
        int colon = at < 0 ? -1 : text.indexOf(':');
        if (colon <= 0 || colon >= at || text.startsWith("//", colon + 1) || text.startsWith("sha256:", at + 1)) {
            return 0;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean isName = i >= colon || isNamePart(c);
            if (!isName || c <= ' ' || isQuote(c) || (i > colon && i < at && (c == '=' || c == '{' || c == '/'))) {
                return 0;
            }
        }
        return ADDRESSES.contains(text.substring(0, colon)) ? 0 : mask(colon + 1, at);
    }

    /** The user info ends at the last {@code @} before the path. */
    private int authority(int from) {
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

    /** The last {@code @} of a user info whose password holds a character that ends an authority. */
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
        return mask(isUserShown ? colon + 1 : from, at);
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

    /** {@code jdbc:oracle:thin:user/password@host}. */
    private int oracle(int from) {
        int driver = from;
        while (driver < length && isNamePart(text.charAt(driver))) {
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
        return at < 0 ? slash : mask(slash + 1, at);
    }

    // Authentication schemes without a header's name before them

    private int scheme(int at) {
        if (at > 0 && isNamePart(text.charAt(at - 1))) {
            return at + 1;
        }
        if (text.regionMatches(true, at, "bearer ", 0, 7)) {
            int from = afterSpaces(at + 7);
            int to = credentialEnd(from);
            return isOpaque(from, to) ? mask(from, to) : from;
        }
        if (text.regionMatches(true, at, "basic ", 0, 6)) {
            int from = afterSpaces(at + 6);
            int to = credentialEnd(from);
            return isUserAndPassword(from, to) ? mask(from, to) : from;
        }
        if (text.regionMatches(true, at, "digest ", 0, 7) && text.regionMatches(true, at + 7, "username=", 0, 9)) {
            return mask(at + 7, lineEnd(at + 7));
        }
        return at + 1;
    }

    private int credentialEnd(int from) {
        int end = from;
        while (end < length && isCredential(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isCredential(char c) {
        return isNamePart(c) || c == '+' || c == '/' || c == '~' || c == '=';
    }

    /** Whether it is something else than the next word of a sentence. */
    private boolean isOpaque(int from, int to) {
        if (to - from >= TOKEN_LENGTH) {
            return true;
        }
        boolean isWord = true;
        for (int i = from; i < to; i++) {
            isWord &= Character.isLowerCase(text.charAt(i)) || (i == to - 1 && text.charAt(i) == '.');
        }
        return to - from >= SHORTEST_CREDENTIAL && !isWord;
    }

    /** Whether it is base64 of something with a colon in it. */
    private boolean isUserAndPassword(int from, int to) {
        int bits = 0;
        for (int i = from; i < to; i++) {
            int digit = BASE64.indexOf(text.charAt(i));
            if (digit < 0) {
                return false;
            }
            bits = bits << 6 | digit;
            int sextets = (i - from) % 4;
            if (sextets > 0 && (bits >> (6 - 2 * sextets) & 0xFF) == ':') {
                return true;
            }
        }
        return false;
    }

    // Names with values

    private int assignment(int at, int after) {
        int nameEnd = nameEnd(at);
        int nameStart = nameEnd;
        while (nameStart > 0 && nameEnd - nameStart < MAX_NAME && isNamePart(text.charAt(nameStart - 1))) {
            nameStart--;
        }
        if (nameStart == nameEnd) {
            return at + 1;
        }
        char before = nameStart == 0 ? ' ' : text.charAt(nameStart - 1);
        boolean isQuery = before == '?' || before == '&';
        boolean isSecret = isQuery
                ? SecretNames.isSecretParameter(text, nameStart, nameEnd)
                : SecretNames.isSecret(text, nameStart, nameEnd);
        if (!isSecret) {
            return at + 1;
        }
        boolean isProperty = before == ';' && text.startsWith("jdbc:");
        return value(valueStart(after), isQuery, isProperty, SecretNames.isHeader(text, nameStart, nameEnd));
    }

    /** The end of the name before the delimiter, without spaces, a closing quote and an index between the two. */
    private int nameEnd(int delimiter) {
        int end = delimiter;
        while (end > 0 && delimiter - end < MAX_SPACES && text.charAt(end - 1) == ' ') {
            end--;
        }
        if (end > 0 && isQuote(text.charAt(end - 1))) {
            end--;
            while (end > 0 && delimiter - end < MAX_NAME && text.charAt(end - 1) == '\\') {
                end--;
            }
        } else if (end > 0 && text.charAt(end - 1) == ']') {
            for (int open = end - 2; open >= 0 && end - open <= MAX_SPACES; open--) {
                if (text.charAt(open) == '[') {
                    return open;
                }
            }
        }
        return end;
    }

    private int valueStart(int from) {
        int start = from;
        while (start < length && (text.charAt(start) == '=' || text.charAt(start) == '>')) {
            start++;
        }
        return afterSpaces(start);
    }

    private int afterSpaces(int from) {
        int start = from;
        while (start < length && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
            start++;
        }
        return start;
    }

    private int value(int from, boolean isQuery, boolean isProperty, boolean isHeader) {
        int start = from;
        while (start < length && text.charAt(start) == '\\') {
            start++;
        }
        if (start >= length) {
            return start;
        }
        char first = text.charAt(start);
        if (isQuote(first)) {
            int close = quotedEnd(start + 1, first, start - from);
            return close == start + 1 ? close : mask(start + 1, close);
        }
        if (first == '[' || first == '{') {
            int close = bracketEnd(start);
            return close == start + 2 ? close : mask(from, close);
        }
        if (isHeader && !isQuery) {
            return header(from);
        }
        int end = isProperty ? propertyEnd(from) : isQuery ? queryEnd(from) : plainEnd(from);
        return end == from || isHarmless(from, end) ? end : mask(from, end);
    }

    private int header(int from) {
        int word = from;
        while (word < length && isNamePart(text.charAt(word))) {
            word++;
        }
        if (text.startsWith(Masking.MASK, from)) {
            return from + Masking.MASK.length();
        }
        if (isHarmless(from, plainEnd(from))) {
            return word;
        }
        boolean isScheme = TOKEN_SCHEMES.contains(
                text.substring(from, Math.min(word, from + MAX_NAME)).toLowerCase(Locale.ROOT));
        int credential = afterSpaces(word);
        if (isScheme && credential > word) {
            int end = plainEnd(credential);
            return end == credential ? end : mask(credential, end);
        }
        int end = lineEnd(from);
        return end == from ? end : mask(from, end);
    }

    private boolean isHarmless(int from, int to) {
        int end = to > from && text.charAt(to - 1) == '.' ? to - 1 : to;
        return end - from <= SHORTEST_CREDENTIAL + 1
                && NOT_VALUES.contains(text.substring(from, end).toLowerCase(Locale.ROOT));
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < length && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /**
     * The quote that closes a string, or its backslashes if it is escaped itself, or the end.
     *
     * @param level the number of backslashes before the opening quote: a string in a string has one, in another three
     */
    private int quotedEnd(int from, char quote, int level) {
        int backslashes = 0;
        for (int i = from; i < length; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                backslashes++;
            } else {
                if (c == quote && (backslashes < level || (backslashes - level) % (2 * (level + 1)) == 0)) {
                    return i - Math.min(level, backslashes);
                }
                backslashes = 0;
            }
        }
        return length;
    }

    private int bracketEnd(int from) {
        char open = text.charAt(from);
        char close = open == '[' ? ']' : '}';
        int depth = 0;
        for (int i = from; i < length; i++) {
            char c = text.charAt(i);
            if (c == '"' && text.charAt(i - 1) != '\\') {
                i = quotedEnd(i + 1, '"', 0);
            } else if (c == open) {
                depth++;
            } else if (c == close && --depth == 0) {
                return i + 1;
            }
        }
        return length;
    }

    private int queryEnd(int from) {
        int end = from;
        for (; end < length; end++) {
            char c = text.charAt(end);
            if (c <= ' '
                    || c == '&'
                    || c == '#'
                    || c == '"'
                    || c == '<'
                    || c == '\\'
                    || (isCloser(c) && isOver(end + 1))
                    || (",;:".indexOf(c) >= 0 && isSpace(end + 1))) {
                return end;
            }
        }
        return end;
    }

    /** A property of a JDBC URL that is the whole text: it may hold spaces. */
    private int propertyEnd(int from) {
        int end = text.indexOf(';', from);
        return end < 0 ? length : end;
    }

    /** Where a value without quotes ends: at a space, or at punctuation that something else follows. */
    private int plainEnd(int from) {
        int end = from;
        for (; end < length; end++) {
            char c = text.charAt(end);
            boolean isSeparator = c == ',' || c == ';' || c == '&';
            if (c <= ' '
                    || (c == '\\' && end + 1 < length && isQuote(text.charAt(end + 1)))
                    || (c == '%' && text.startsWith("%26", end))
                    || ((isSeparator || isCloser(c)) && (isOver(end + 1) || (isSeparator && isName(end + 1))))) {
                return end;
            }
        }
        return end;
    }

    private boolean isSpace(int at) {
        return at >= length || text.charAt(at) <= ' ';
    }

    private boolean isOver(int at) {
        return isSpace(at) || isCloser(text.charAt(at)) || ",;:.(\\".indexOf(text.charAt(at)) >= 0;
    }

    /** Whether a name and its delimiter begin there. */
    private boolean isName(int from) {
        int end = from;
        while (end < length && end - from < MAX_NAME && (isNamePart(text.charAt(end)) || isQuote(text.charAt(end)))) {
            end++;
        }
        return end > from && end < length && (text.charAt(end) == '=' || text.charAt(end) == ':');
    }

    private static boolean isCloser(char c) {
        return c == ')' || c == ']' || c == '}' || c == '>' || isQuote(c);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.';
    }
}
