package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks bearer tokens that are JWTs of a configured issuer. A token that was verified is accepted without another verification until it
 * expires, its key is withdrawn, or a short time has passed. Thread-safe.
 */
final class JwtAuthenticator implements Authenticator {
    private final Map<String, JwtIssuer> issuers = new HashMap<>();
    private final DigestCache<KnownToken> cache;
    private final Duration cacheTime;
    private final Ticker ticker;
    private final boolean isLast;
    private final CacheMetrics metrics;
    private final int longest;

    /** A token that was verified. */
    private record KnownToken(Optional<Principal> caller, VerificationKey key, long validUntil) {}

    /**
     * Creates an authenticator.
     *
     * @param longest the largest token of any issuer, in characters
     * @param isLast whether nothing else checks bearer tokens, so that those of unknown issuers are invalid
     */
    JwtAuthenticator(
            List<JwtIssuer> issuers,
            int longest,
            int cacheSize,
            Duration cacheTime,
            boolean isLast,
            Ticker ticker,
            CacheMetrics metrics) {
        issuers.forEach(issuer -> this.issuers.put(issuer.issuer(), issuer));
        this.longest = longest;
        this.cache = new DigestCache<>(cacheSize);
        this.cacheTime = cacheTime;
        this.isLast = isLast;
        this.ticker = ticker;
        this.metrics = metrics;
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws AuthenticationException, UnjudgedException {
        String token = credentials.bearerToken().orElse(null);
        if (token == null) {
            return Optional.empty();
        }
        if (token.length() > longest || !CompactToken.isOne(token)) {
            return unknown("token: neither a JWT nor of a kind that is configured");
        }
        TokenDigest digest = TokenDigest.of(token);
        KnownToken known = known(digest);
        if (known != null) {
            metrics.hit();
            return known.caller();
        }
        if (!CompactToken.hasHeader(token)) {
            return unknown("token: malformed");
        }
        CompactToken parsed = CompactToken.parse(token);
        JwtIssuer issuer = parsed.claims().get("iss") instanceof String name ? issuers.get(name) : null;
        if (issuer == null) {
            return unknown("claim iss: not a configured issuer");
        }
        metrics.miss();
        JwtIssuer.Verified verified = issuer.verify(parsed);
        Duration left = verified.remaining();
        long nanos = left.compareTo(cacheTime) < 0 ? left.toNanos() : cacheTime.toNanos();
        Optional<Principal> caller = Optional.of(verified.principal());
        if (nanos > 0) {
            cache.put(digest, new KnownToken(caller, verified.key(), ticker.nanos() + nanos));
        }
        return caller;
    }

    private Optional<Principal> unknown(String reason) throws AuthenticationException {
        if (isLast) {
            throw new AuthenticationException(reason);
        }
        return Optional.empty();
    }

    private @Nullable KnownToken known(TokenDigest digest) {
        KnownToken known = cache.get(digest);
        if (known == null) {
            return null;
        }
        if (known.key().isWithdrawn() || known.validUntil() - ticker.nanos() <= 0) {
            cache.remove(digest);
            return null;
        }
        return known;
    }
}
