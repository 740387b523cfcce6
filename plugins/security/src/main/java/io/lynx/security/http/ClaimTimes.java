package io.lynx.security.http;

import io.lynx.security.Authenticator.AuthenticationException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the times of a token. Stateless. */
final class ClaimTimes {
    /** The last second of the year 9999; a later one is a mistake. */
    private static final long LAST_SECOND = 253_402_300_799L;

    private ClaimTimes() {}

    /**
     * Returns how long a token is valid, skew included.
     *
     * @throws AuthenticationException if it is not, or a time is malformed
     */
    static Duration remaining(Map<String, ?> claims, boolean isExpiryRequired, Duration skew, InstantSource clock)
            throws AuthenticationException {
        long now = clock.instant().getEpochSecond();
        long tolerance = skew.toSeconds();
        Long expiry = seconds(claims, "exp");
        Long notBefore = seconds(claims, "nbf");
        Long issuedAt = seconds(claims, "iat");
        if (expiry == null && isExpiryRequired) {
            throw new AuthenticationException("claim exp: missing");
        }
        if (expiry != null && now >= expiry + tolerance) {
            throw new AuthenticationException("claim exp: the token has expired");
        }
        if (notBefore != null && now < notBefore - tolerance) {
            throw new AuthenticationException("claim nbf: the token is not valid yet");
        }
        if (issuedAt != null && now < issuedAt - tolerance) {
            throw new AuthenticationException("claim iat: the token is from the future");
        }
        return Duration.ofSeconds(expiry == null ? LAST_SECOND : expiry + tolerance - now);
    }

    private static @Nullable Long seconds(Map<String, ?> claims, String claim) throws AuthenticationException {
        Object value = claims.get(claim);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= LAST_SECOND) {
            return number.longValue();
        }
        throw new AuthenticationException("claim " + claim + ": not a time");
    }
}
