package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which JWTs are accepted, and what their principals are. */
class JwtAuthenticatorTest {
    private final JwtFixture jwt = new JwtFixture();

    private Principal accepted(String token) throws Exception {
        return jwt.authenticator.authenticate(FakeCredentials.bearer(token)).orElseThrow();
    }

    private void assertRefused(String token, String reason) {
        assertThatThrownBy(() -> jwt.authenticator.authenticate(FakeCredentials.bearer(token)))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining(reason)
                .hasNoCause();
    }

    private Map<String, Object> claims() {
        return Issuer.claims(jwt.time.instant());
    }

    private String with(String claim, Object value) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        return Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims);
    }

    @Test
    void acceptsATokenOfTheIssuer() throws Exception {
        assertThat(accepted(jwt.token()))
                .isEqualTo(new Principal(
                        "alice", java.util.Set.of("admin", "reader"), Map.of("scheme", "jwt", "issuer", Issuer.NAME)));
    }

    @Test
    void acceptsTheConfiguredAlgorithms() throws Exception {
        assertThat(accepted(Issuer.es256(claims())).name()).isEqualTo("alice");
        assertThat(accepted(Issuer.edDsa("EdDSA", claims())).name()).isEqualTo("alice");
        assertThat(accepted(Issuer.edDsa("Ed25519", claims())).name()).isEqualTo("alice");
        assertRefused(Issuer.ps256(claims()), "algorithm is not allowed");

        JwtFixture pss = new JwtFixture("algorithms=PS256");
        assertThat(pss.authenticator.authenticate(FakeCredentials.bearer(Issuer.ps256(claims()))))
                .isPresent();
        assertThatThrownBy(() -> pss.authenticator.authenticate(FakeCredentials.bearer(jwt.token())))
                .hasMessageContaining("algorithm is not allowed");
    }

    @Test
    void acceptsSeveralAudiences() throws Exception {
        assertThat(accepted(with("aud", List.of("payments", "orders"))).name()).isEqualTo("alice");
    }

    @ParameterizedTest
    @CsvSource({
        "exp, -29, true",
        "exp, -30, false",
        "exp, -3000, false",
        "nbf, 30, true",
        "nbf, 31, false",
        "iat, 30, true",
        "iat, 31, false"
    })
    void toleratesTheSkewOfClocks(String claim, long offset, boolean isAccepted) throws Exception {
        String token = with(claim, jwt.time.instant().getEpochSecond() + offset);
        if (isAccepted) {
            assertThat(accepted(token).name()).isEqualTo("alice");
        } else {
            assertRefused(token, "claim " + claim);
        }
    }

    @Test
    void takesNameRolesAndAttributesFromTheConfiguredClaims() throws Exception {
        JwtFixture other = new JwtFixture(
                "name_claim=preferred_username",
                "roles_claims=realm_access.roles,scope,https://example.com/roles",
                "roles=partner",
                "attributes=tenant,level,missing",
                "prefix=shop:");
        Map<String, Object> claims = claims();
        claims.put("preferred_username", "bob");
        claims.put("realm_access", Map.of("roles", List.of("editor", 7, "")));
        claims.put("scope", "orders:read  orders:write");
        claims.put("https://example.com/roles", List.of("auditor"));
        claims.put("tenant", "t1");
        claims.put("level", 3);

        Principal bob = other.authenticator
                .authenticate(FakeCredentials.bearer(Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims)))
                .orElseThrow();

        assertThat(bob.name()).isEqualTo("shop:bob");
        assertThat(bob.roles())
                .containsExactlyInAnyOrder("partner", "editor", "orders:read", "orders:write", "auditor");
        assertThat(bob.attributes())
                .isEqualTo(Map.of("scheme", "jwt", "issuer", Issuer.NAME, "tenant", "t1", "level", "3"));
    }

    @Test
    void verifiesATokenOnceUntilItExpires() throws Exception {
        String token = with("exp", jwt.time.instant().getEpochSecond() + 20);
        accepted(token);
        accepted(token);
        assertThat(jwt.counter("hit").count()).isEqualTo(1);
        assertThat(jwt.counter("miss").count()).isEqualTo(1);

        jwt.time.advance(Duration.ofSeconds(49));
        accepted(token);
        assertThat(jwt.counter("miss").count()).isEqualTo(1);

        jwt.time.advance(Duration.ofSeconds(1));
        assertRefused(token, "claim exp");
    }

    @Test
    void verifiesATokenAgainAfterAMinute() throws Exception {
        String token = jwt.token();
        accepted(token);
        jwt.time.advance(Duration.ofSeconds(59));
        accepted(token);
        assertThat(jwt.counter("miss").count()).isEqualTo(1);
        jwt.time.advance(Duration.ofSeconds(1));
        accepted(token);
        assertThat(jwt.counter("miss").count()).isEqualTo(2);
    }

    @Test
    void forgetsTokensOfAKeyThatTheIssuerWithdraws() throws Exception {
        String token = jwt.token();
        accepted(token);
        jwt.published.set(Issuer.jwks(Issuer.OTHER_RSA.toPublicJWK()));
        jwt.time.advance(Duration.ofSeconds(11));

        // A token of the new key makes the keys be read.
        accepted(Issuer.rs256(
                "{\"alg\":\"RS256\",\"kid\":\"rsa-2\"}", JSONObjectUtils.toJSONString(claims()), Issuer.OTHER_RSA));

        assertRefused(token, "no key of the issuer");
    }

    @Test
    void aTokenWithoutTheIdOfAKeyIsTriedWithThoseThatFit() throws Exception {
        jwt.published.set(Issuer.jwks(Issuer.OTHER_RSA.toPublicJWK(), Issuer.RSA.toPublicJWK()));
        Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", "RS256"));
        assertThat(accepted(Issuer.rs256(header, claims())).name()).isEqualTo("alice");
    }

    @Test
    void leavesOtherTokensToOthers() throws Exception {
        JwtAuthenticator first = new JwtAuthenticator(
                List.of(jwt.issuer),
                8192,
                10,
                Duration.ofSeconds(60),
                false,
                jwt.time,
                new CacheMetrics(jwt.counter("hit"), jwt.counter("miss")));
        assertThat(first.authenticate(FakeCredentials.bearer("opaque"))).isEmpty();
        assertThat(first.authenticate(FakeCredentials.bearer(with("iss", "https://other.example"))))
                .isEmpty();
        assertThat(first.authenticate(FakeCredentials.with("authorization", "Basic YTpi")))
                .isEmpty();
        assertThat(first.authenticate(FakeCredentials.bearer(jwt.token()))).isPresent();
    }
}
