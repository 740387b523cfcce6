package io.lynx.http.websocket.engine;

import io.lynx.http.HttpException;
import io.lynx.http.engine.head.HeaderText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the extensions that a client offers (RFC 6455, 9.1): {@code permessage-deflate} (RFC 7692), with every message
 * compressed on its own. The compressor of the JDK has a window of 15 bits, so an offer that requires a smaller one is declined. Stateless.
 */
final class ExtensionOffers {
    private static final String DEFLATE = "permessage-deflate";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final String SERVER_ALONE = "server_no_context_takeover";
    private static final String CLIENT_ALONE = "client_no_context_takeover";

    private ExtensionOffers() {}

    /**
     * Returns the extension that is agreed on, as the answer names it.
     *
     * @param headers the values of {@code Sec-WebSocket-Extensions}
     * @return null if no offer can be accepted
     * @throws HttpException (400) if an offer is malformed
     */
    static @Nullable String choose(List<String> headers) {
        for (String header : headers) {
            for (String offer : split(header, ',')) {
                List<String> parts = split(offer, ';');
                if (!HeaderText.isToken(parts.getFirst())) {
                    throw malformed();
                }
                String answer =
                        parts.getFirst().equalsIgnoreCase(DEFLATE) ? answer(parts.subList(1, parts.size())) : null;
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    private static @Nullable String answer(List<String> parameters) {
        String answer = DEFLATE + "; " + SERVER_ALONE + "; " + CLIENT_ALONE;
        Set<String> names = new HashSet<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals))
                    .strip()
                    .toLowerCase(Locale.ROOT);
            String value =
                    equals < 0 ? "" : unquoted(parameter.substring(equals + 1).strip());
            if (!HeaderText.isToken(name)) {
                throw malformed();
            }
            boolean isAcceptable = names.add(name)
                    && switch (name) {
                        case SERVER_ALONE, CLIENT_ALONE -> equals < 0;
                        case CLIENT_BITS -> equals < 0 || isBits(value);
                        case SERVER_BITS -> value.equals("15");
                        default -> false;
                    };
            if (!isAcceptable) {
                return null;
            }
            if (name.equals(SERVER_BITS)) {
                answer += "; " + SERVER_BITS + "=15";
            }
        }
        return answer;
    }

    private static boolean isBits(String value) {
        return value.matches("8|9|1[0-5]");
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Splits at a separator that is not quoted; the parts are stripped. */
    private static List<String> split(String list, char separator) {
        List<String> parts = new ArrayList<>(3);
        boolean isQuoted = false;
        int from = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == separator && !isQuoted) {
                parts.add(list.substring(from, i).strip());
                from = i + 1;
            }
        }
        parts.add(list.substring(from).strip());
        if (isQuoted) {
            throw malformed();
        }
        return parts;
    }

    private static HttpException malformed() {
        return new HttpException(400, "header Sec-WebSocket-Extensions: malformed");
    }
}
