package io.lynx.http.engine.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy tells in the header {@code Forwarded} (RFC 7239, 4). Immutable.
 *
 * @param client who sent the request to the proxy; empty if it does not tell
 * @param scheme the scheme of that request; null if it does not tell
 * @param host the host of that request; null if it does not tell
 */
record ForwardedElement(
        String client, @Nullable String scheme, @Nullable String host) {
    /** Returns the elements of one line of the header in their order; null if it is malformed anywhere. */
    static @Nullable List<ForwardedElement> parse(String line) {
        return new Scanner(line).elements();
    }

    private static final class Scanner {
        private final String line;
        private final List<ForwardedElement> elements = new ArrayList<>(2);
        private int at;
        private @Nullable String client;
        private @Nullable String scheme;
        private @Nullable String host;
        private boolean isEmpty = true;

        Scanner(String line) {
            this.line = line;
        }

        @Nullable
        List<ForwardedElement> elements() {
            while (true) {
                skipSpace();
                if (at == line.length() || line.charAt(at) == ',') {
                    endElement();
                    if (at++ >= line.length()) {
                        return elements;
                    }
                } else if (line.charAt(at) == ';') {
                    at++;
                } else if (!pair()) {
                    return null;
                }
            }
        }

        private void endElement() {
            if (!isEmpty) {
                elements.add(new ForwardedElement(client == null ? "" : client, scheme, host));
            }
            client = null;
            scheme = null;
            host = null;
            isEmpty = true;
        }

        /** Reads a name, an equals sign and a value; returns whether they are well-formed. */
        private boolean pair() {
            int equals = line.indexOf('=', at);
            if (equals <= at) {
                return false;
            }
            String name = line.substring(at, equals).toLowerCase(Locale.ROOT);
            at = equals + 1;
            String value = at < line.length() && line.charAt(at) == '"' ? quoted() : plain();
            if (value == null || !HeaderText.isToken(name) || !isAtEndOfPair()) {
                return false;
            }
            isEmpty = false;
            return switch (name) {
                case "for" -> {
                    boolean isFirst = client == null;
                    client = value;
                    yield isFirst;
                }
                case "proto" -> {
                    boolean isFirst = scheme == null;
                    scheme = value;
                    yield isFirst;
                }
                case "host" -> {
                    boolean isFirst = host == null;
                    host = value;
                    yield isFirst;
                }
                default -> true;
            };
        }

        private boolean isAtEndOfPair() {
            skipSpace();
            return at == line.length() || line.charAt(at) == ',' || line.charAt(at) == ';';
        }

        /** Not only a token: many proxies write ports and brackets without quotes. */
        private @Nullable String plain() {
            int start = at;
            while (at < line.length() && ",; \t\"".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return at == start ? null : line.substring(start, at);
        }

        private @Nullable String quoted() {
            StringBuilder text = new StringBuilder();
            for (at++; at < line.length(); at++) {
                char c = line.charAt(at);
                if (c == '"') {
                    at++;
                    return text.toString();
                }
                if (c == '\\' && ++at == line.length()) {
                    return null;
                }
                text.append(line.charAt(at));
            }
            return null;
        }

        private void skipSpace() {
            while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
                at++;
            }
        }
    }
}
