package io.lynx.security.http;

import com.nimbusds.jose.JWSHeader;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of one issuer: the signature by its keys, then the claims. Thread-safe. */
final class JwtIssuer {
    private final IssuerConfig config;
    private final KeyFinder keys;
    private final InstantSource clock;
    private final Set<SignatureAlgorithm> algorithms;
    private final Set<String> types = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final PrincipalMapping mapping;

    JwtIssuer(IssuerConfig config, KeyFinder keys, InstantSource clock) {
        this.config = config;
        this.keys = keys;
        this.clock = clock;
        this.algorithms = EnumSet.copyOf(config.algorithms());
        config.types().forEach(type -> types.add(withoutPrefix(type)));
        this.mapping = config.mapping("jwt");
    }

    /**
     * What is known of a token that was verified.
     *
     * @param remaining how long it is valid
     * @param key verifies it
     */
    record Verified(Principal principal, Duration remaining, VerificationKey key) {}

    String issuer() {
        return config.issuer();
    }

    /** Returns the length of the longest token that it accepts, in characters. */
    long longest() {
        return config.maxTokenSize().bytes();
    }

    /**
     * Verifies a token whose claim {@code iss} names this issuer.
     *
     * @throws AuthenticationException if it is invalid
     * @throws UnjudgedException if the keys cannot be read now
     */
    Verified verify(CompactToken token) throws AuthenticationException, UnjudgedException {
        if (token.length() > config.maxTokenSize().bytes()) {
            throw new AuthenticationException("token: longer than max_token_size");
        }
        if (token.claims().size() > config.maxClaims()) {
            throw new AuthenticationException("token: more claims than max_claims");
        }
        JWSHeader header = token.header();
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(header.getAlgorithm());
        if (algorithm == null || !algorithms.contains(algorithm)) {
            throw new AuthenticationException("token: its algorithm is not allowed");
        }
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            throw new AuthenticationException("token: it has critical extensions, none of which is supported");
        }
        if (header.getType() != null
                && !types.contains(withoutPrefix(header.getType().getType()))) {
            throw new AuthenticationException("token: its type is not allowed");
        }
        // Before the signature, so that an old token costs little; the claims prove nothing until then.
        Duration remaining = requireValidClaims(token.claims());
        for (VerificationKey key : keys.find(header, algorithm)) {
            if (key.verifies(header, token.signed(), token.signature())) {
                return new Verified(mapping.principal(token.claims()), remaining, key);
            }
        }
        throw new AuthenticationException("token: no key of the issuer verifies its signature");
    }

    private static String withoutPrefix(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
    }

    private Duration requireValidClaims(Map<String, Object> claims) throws AuthenticationException {
        if (!isForThisService(claims.get("aud"))) {
            throw new AuthenticationException("claim aud: the token is for another service");
        }
        return ClaimTimes.remaining(claims, true, config.clockSkew(), clock);
    }

    private boolean isForThisService(@Nullable Object audience) {
        return switch (audience) {
            case String one -> config.audiences().contains(one);
            case List<?> all ->
                all.stream()
                        .anyMatch(each ->
                                each instanceof String one && config.audiences().contains(one));
            case null, default -> false;
        };
    }
}
