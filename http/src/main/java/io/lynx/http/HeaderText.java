package io.lynx.http;

/** What may stand in a header (RFC 9110, 5.1 and 5.5), and in a request id. */
final class HeaderText {
    private HeaderText() {}

    static void requireName(String name) {
        boolean legal = !name.isEmpty();
        for (int i = 0; i < name.length() && legal; i++) {
            char c = name.charAt(i);
            legal = isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
        }
        if (!legal) {
            throw new IllegalArgumentException("header name: '" + name + "'; letters, digits and !#$%&'*+-.^_`|~");
        }
    }

    static void requireValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException("header " + name + ": character " + (int) c + " at " + i
                        + "; visible Latin-1, spaces and tabs");
            }
        }
    }

    /** Whether a client's request id can be taken over into logs and answers. */
    static boolean isRequestId(String text) {
        if (text.isEmpty() || text.length() > 128) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && "-_.:/+=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
