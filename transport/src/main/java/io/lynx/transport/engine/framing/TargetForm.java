package io.lynx.transport.engine.framing;

/**
 * Recognizes the form of a request target from its first characters: a path, {@code *}, or an absolute URL whose authority is a
 * host with an optional port (RFC 9112, 3.2). Not thread-safe.
 */
final class TargetForm {
    private static final int MAX_AUTHORITY = 300;

    private final StringBuilder prefix = new StringBuilder(8);
    private final StringBuilder authority = new StringBuilder();
    private Part part = Part.SCHEME;
    private boolean isPath;
    private int length;

    private enum Part {
        SCHEME,
        AUTHORITY,
        PATH
    }

    void reset() {
        prefix.setLength(0);
        authority.setLength(0);
        part = Part.SCHEME;
        isPath = false;
        length = 0;
    }

    /** Takes the next character. */
    void add(int c) {
        if (length++ == 0 && c == '/') {
            isPath = true;
        }
        if (isPath) {
            return;
        }
        switch (part) {
            case SCHEME -> {
                prefix.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
                if (isScheme()) {
                    part = Part.AUTHORITY;
                } else if (prefix.length() > 8) {
                    part = Part.PATH;
                }
            }
            case AUTHORITY -> {
                if (c == '/' || c == '?') {
                    part = Part.PATH;
                } else if (authority.length() <= MAX_AUTHORITY) {
                    authority.append((char) c);
                }
            }
            case PATH -> {}
        }
    }

    /** Returns whether it is a path, so that its other characters do not matter. */
    boolean isPath() {
        return isPath;
    }

    private boolean isScheme() {
        return "http://".contentEquals(prefix) || "https://".contentEquals(prefix);
    }

    /** Returns whether the characters form a target that {@code method} may have. */
    boolean isComplete(CharSequence method) {
        if (isPath || "CONNECT".contentEquals(method)) {
            return true;
        }
        if (length == 1 && "*".contentEquals(prefix)) {
            return "OPTIONS".contentEquals(method);
        }
        return isScheme()
                && !authority.isEmpty()
                && authority.length() <= MAX_AUTHORITY
                && Syntax.isAuthority(authority);
    }
}
