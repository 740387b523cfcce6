package io.lynx.transport.engine.connection;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;

/**
 * Lets the library see only valid offers to upgrade to HTTP/2 (RFC 7540, 3.2; RFC 9110, 7.8). An offer that is malformed, that
 * {@code Connection} does not name, or that comes with a body or an expectation is ignored: the request is served by HTTP/1.1.
 * Stateless.
 */
final class UpgradeOffers {
    private static final String PROTOCOL = "h2c";
    private static final String SETTINGS = "http2-settings";

    private UpgradeOffers() {}

    /** Removes an offer that is not valid from {@code head}. */
    static void removeInvalid(HttpRequest head) {
        if (offersHttp2(head.headers()) && !isValid(head)) {
            head.headers().remove(HttpHeaderNames.UPGRADE);
        }
    }

    private static boolean offersHttp2(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.UPGRADE)
                && headers.getAll(HttpHeaderNames.UPGRADE).stream()
                        .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(PROTOCOL));
    }

    private static boolean isValid(HttpRequest head) {
        HttpHeaders headers = head.headers();
        List<String> settings = headers.getAll(SETTINGS);
        boolean hasBody = headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
        return head.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !hasBody
                && !headers.contains(HttpHeaderNames.EXPECT)
                && headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                && headers.containsValue(HttpHeaderNames.CONNECTION, SETTINGS, true)
                && settings.size() == 1
                && isSettingsFrame(settings.getFirst());
    }

    /** Settings have 6 bytes each, which are 8 characters of base64url without padding. */
    private static boolean isSettingsFrame(String encoded) {
        return encoded.length() % 8 == 0 && encoded.chars().allMatch(UpgradeOffers::isBase64Url);
    }

    private static boolean isBase64Url(int c) {
        return c == '-' || c == '_' || (Character.isLetterOrDigit(c) && c < 0x80);
    }
}
