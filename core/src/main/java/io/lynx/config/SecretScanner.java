package io.lynx.config;

import java.util.Locale;
import java.util.Set;

/**
 * One pass over a text that copies everything but its secrets. It stops at the characters that introduce a secret ({@code :},
 * {@code =}, the first letter of an authentication scheme), looks back over a bounded name, and skips the value. Every step
 * either consumes what it reads or reads a bounded number of characters, so the time is linear. Not thread-safe.
 */
final class SecretScanner {
    private static final int MAX_NAME = 64;
    private static final int MAX_SPACES = 8;

    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int SHORTEST_CREDENTIAL = 8;
    private static final int TOKEN_LENGTH = 20;

    /** Words that follow a name and a colon in ordinary sentences and are not secrets. */
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

    private final String text;
    private final int length;
    private final MaskedText masked;
    private final ValueEnds ends;
    private final UserInfoScanner urls;

    SecretScanner(String text) {
        this.text = text;
        this.length = text.length();
        this.masked = new MaskedText(text);
        this.ends = new ValueEnds(text);
        this.urls = new UserInfoScanner(text, masked);
    }

    String masked() {
        int at = urls.userInfoWithoutScheme();
        while (at < length) {
            at = switch (text.charAt(at)) {
                case ':' -> colon(at);
                case '=' -> assignment(at, at + 1);
                case '%' -> text.regionMatches(true, at, "%3D", 0, 3) ? assignment(at, at + 3) : at + 1;
                case 'B', 'b', 'D', 'd' -> scheme(at);
                default -> at + 1;
            };
        }
        return masked.text();
    }

    private int colon(int at) {
        if (text.startsWith("//", at + 1)) {
            return urls.authority(at + 3);
        }
        if (text.startsWith("oracle:", at + 1) && text.regionMatches(true, at - 4, "jdbc", 0, 4)) {
            return urls.oracle(at + 8);
        }
        return assignment(at, at + 1);
    }

    // Authentication schemes that no header name precedes

    private int scheme(int at) {
        if (at > 0 && ValueEnds.isNamePart(text.charAt(at - 1))) {
            return at + 1;
        }
        if (text.regionMatches(true, at, "bearer ", 0, 7)) {
            int from = ends.afterSpaces(at + 7);
            int to = credentialEnd(from);
            return isOpaque(from, to) ? masked.mask(from, to) : from;
        }
        if (text.regionMatches(true, at, "basic ", 0, 6)) {
            int from = ends.afterSpaces(at + 6);
            int to = credentialEnd(from);
            return isUserAndPassword(from, to) ? masked.mask(from, to) : from;
        }
        if (text.regionMatches(true, at, "digest ", 0, 7) && text.regionMatches(true, at + 7, "username=", 0, 9)) {
            return masked.mask(at + 7, ends.lineEnd(at + 7));
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
        return ValueEnds.isNamePart(c) || c == '+' || c == '/' || c == '~' || c == '=';
    }

    /** Returns whether the text is something other than the next word of a sentence. */
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

    /** Returns whether the text is the base64 form of a text that contains a colon. */
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
        while (nameStart > 0 && nameEnd - nameStart < MAX_NAME && ValueEnds.isNamePart(text.charAt(nameStart - 1))) {
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

    /**
     * Returns the end of the name before the delimiter, without the spaces, closing quote and index that may lie
     * between them.
     */
    private int nameEnd(int delimiter) {
        int end = delimiter;
        while (end > 0 && delimiter - end < MAX_SPACES && text.charAt(end - 1) == ' ') {
            end--;
        }
        if (end > 0 && ValueEnds.isQuote(text.charAt(end - 1))) {
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
        return ends.afterSpaces(start);
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
        if (ValueEnds.isQuote(first)) {
            int close = ends.quotedEnd(start + 1, first, start - from);
            return close == start + 1 ? close : masked.mask(start + 1, close);
        }
        if (first == '[' || first == '{') {
            int close = ends.bracketEnd(start);
            return close == start + 2 ? close : masked.mask(from, close);
        }
        if (isHeader && !isQuery) {
            return header(from);
        }
        int end = isProperty ? ends.propertyEnd(from) : isQuery ? ends.queryEnd(from) : ends.plainEnd(from);
        return end == from || isHarmless(from, end) ? end : masked.mask(from, end);
    }

    private int header(int from) {
        int word = from;
        while (word < length && ValueEnds.isNamePart(text.charAt(word))) {
            word++;
        }
        if (text.startsWith(Masking.MASK, from)) {
            return from + Masking.MASK.length();
        }
        if (isHarmless(from, ends.plainEnd(from))) {
            return word;
        }
        boolean isScheme = TOKEN_SCHEMES.contains(
                text.substring(from, Math.min(word, from + MAX_NAME)).toLowerCase(Locale.ROOT));
        int credential = ends.afterSpaces(word);
        if (isScheme && credential > word) {
            int end = ends.plainEnd(credential);
            return end == credential ? end : masked.mask(credential, end);
        }
        int end = ends.lineEnd(from);
        return end == from ? end : masked.mask(from, end);
    }

    private boolean isHarmless(int from, int to) {
        int end = to > from && text.charAt(to - 1) == '.' ? to - 1 : to;
        return end - from <= SHORTEST_CREDENTIAL + 1
                && NOT_VALUES.contains(text.substring(from, end).toLowerCase(Locale.ROOT));
    }
}
