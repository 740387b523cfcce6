package io.lynx.security.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Makes tokens for development without an identity provider, and prints them on the terminal alone. Their key is made for them and
 * forgotten as soon as they are signed; it never leaves the process, so no other process accepts them. Stateless.
 */
final class DevelopmentTokens {
    /** A name that no provider on the internet can have (RFC 2606). */
    static final String ISSUER = "https://development.invalid";

    private static final String AUDIENCE = "development";
    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final ConfigSection<IssuerConfig> SECTION = ConfigSection.of("development", IssuerConfig.class);

    private DevelopmentTokens() {}

    /**
     * Prints one token for each caller.
     *
     * @param callers the roles of each, by name
     * @return verifies these tokens
     */
    static JwtIssuer print(Map<String, List<String>> callers, DeveloperTerminal terminal, InstantSource clock) {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
            JWSSigner signer = new ECDSASigner(key);
            Instant now = clock.instant();
            StringBuilder text = new StringBuilder("Tokens for development, which this process accepts for ")
                    .append(VALIDITY.toHours())
                    .append(" hours:");
            for (Map.Entry<String, List<String>> caller : new TreeMap<>(callers).entrySet()) {
                String token = token(caller.getKey(), caller.getValue(), key.getKeyID(), signer, now);
                text.append("\n  ").append(caller.getKey()).append(", roles ").append(caller.getValue());
                text.append(":\n  ").append(token);
            }
            // At once, so that lines of the log do not come between.
            terminal.print(text.toString());
            KeySet keys = KeySet.of(key.toPublicJWK());
            return new JwtIssuer(config(), keys::find, clock);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String token(String name, List<String> roles, String key, JWSSigner signer, Instant now)
            throws JOSEException {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", name);
        claims.put("roles", roles);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(VALIDITY).getEpochSecond());
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key)
                        .build(),
                new Payload(claims));
        token.sign(signer);
        return token.serialize();
    }

    /** What a configured issuer has by default. */
    private static IssuerConfig config() {
        return ConfigSources.none()
                .value("development.issuer", ISSUER, "code")
                .value("development.audiences", AUDIENCE, "code")
                .load()
                .bind(SECTION)
                .orThrow()
                .get(SECTION);
    }
}
