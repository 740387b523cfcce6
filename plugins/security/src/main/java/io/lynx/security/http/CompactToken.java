package io.lynx.security.http;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import io.lynx.security.Authenticator.AuthenticationException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;

/**
 * A signed JWT in its three parts, none of which proves anything before the signature is verified. What its header says of keys
 * ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}) is never used. Not thread-safe.
 */
final class CompactToken {
    private final JWSHeader header;
    private final Map<String, Object> claims;
    private final String text;
    private final int signedLength;

    private CompactToken(JWSHeader header, Map<String, Object> claims, String text, int signedLength) {
        this.header = header;
        this.claims = claims;
        this.text = text;
        this.signedLength = signedLength;
    }

    /** Returns whether a bearer token looks like one of these: three parts between dots. */
    static boolean isOne(String token) {
        int first = token.indexOf('.');
        int second = first < 0 ? -1 : token.indexOf('.', first + 1);
        return first > 0 && second > first + 1 && second < token.length() - 1 && token.indexOf('.', second + 1) < 0;
    }

    /**
     * Returns whether the first part of a token is the text of a JSON object, well-formed or not. Tokens of other kinds can have three
     * parts as well, such as {@code v4.local.…} (PASETO).
     */
    static boolean hasHeader(String token) {
        try {
            byte[] header = decode(token.substring(0, token.indexOf('.')));
            return new String(header, StandardCharsets.UTF_8).strip().startsWith("{");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /**
     * Reads a token.
     *
     * @throws AuthenticationException if it is malformed
     */
    static CompactToken parse(String token) throws AuthenticationException {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        try {
            JWSHeader header = JWSHeader.parse(
                    StrictJson.object(decode(token.substring(0, first))), new Base64URL(token.substring(0, first)));
            Map<String, Object> claims = StrictJson.object(decode(token.substring(first + 1, second)));
            return new CompactToken(header, claims, token, second);
        } catch (ParseException | RuntimeException malformed) {
            throw new AuthenticationException("token: malformed");
        }
    }

    /** Strict: a decoder that skips characters would accept many texts for one token. */
    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    JWSHeader header() {
        return header;
    }

    Map<String, Object> claims() {
        return claims;
    }

    int length() {
        return text.length();
    }

    /** Returns what is signed. */
    byte[] signed() {
        return text.substring(0, signedLength).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns the signature.
     *
     * @throws AuthenticationException if it is malformed
     */
    byte[] signature() throws AuthenticationException {
        try {
            return decode(text.substring(signedLength + 1));
        } catch (IllegalArgumentException malformed) {
            throw new AuthenticationException("token: malformed");
        }
    }
}
