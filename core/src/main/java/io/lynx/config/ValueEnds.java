package io.lynx.config;

/**
 * Finds the ends of values of known forms in a text. Each step reads the characters that it skips and a bounded number
 * of others. Immutable.
 */
final class ValueEnds {
    private static final int MAX_NAME = 64;

    private final String text;
    private final int length;

    ValueEnds(String text) {
        this.text = text;
        this.length = text.length();
    }

    int afterSpaces(int from) {
        int start = from;
        while (start < length && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
            start++;
        }
        return start;
    }

    int lineEnd(int from) {
        int end = from;
        while (end < length && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }
    /**
     * Returns the position of the closing quote of a string, of its backslashes if the quote is escaped, or the end of
     * the text.
     *
     * @param level the number of backslashes before the opening quote: a string in a string has one, in another three
     */
    int quotedEnd(int from, char quote, int level) {
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

    int bracketEnd(int from) {
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

    int queryEnd(int from) {
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

    /** Returns the end of a property in a JDBC URL that is the whole text; the property may contain spaces. */
    int propertyEnd(int from) {
        int end = text.indexOf(';', from);
        return end < 0 ? length : end;
    }

    /** Returns the end of a value without quotes: a space, or punctuation that is followed by other text. */
    int plainEnd(int from) {
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

    /** Returns whether a name and its delimiter begin there. */
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

    static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-'
                || c == '.';
    }
}
