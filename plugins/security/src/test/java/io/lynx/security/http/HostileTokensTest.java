package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that attackers and broken clients send: each is refused for the right reason. */
class HostileTokensTest {
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

    private String without(String claim) {
        Map<String, Object> claims = claims();
        claims.remove(claim);
        return Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims);
    }

    private String headed(String name, Object value) {
        Map<String, Object> header = Issuer.header("RS256", "rsa-1");
        header.put(name, value);
        return Issuer.rs256(header, claims());
    }

    @Test
    void refusesATokenWithoutASignature() {
        String claims = Issuer.base64(JSONObjectUtils.toJSONString(claims()));
        for (String none : List.of("none", "None", "NONE", "nOnE")) {
            String header = Issuer.base64("{\"alg\":\"" + none + "\",\"kid\":\"rsa-1\"}");
            assertRefused(header + "." + claims + ".", "token: ");
            assertRefused(header + "." + claims + ".AAAA", "token: ");
        }
        String right = jwt.token();
        assertRefused(right.substring(0, right.lastIndexOf('.') + 1), "token: ");
    }

    @Test
    void refusesAPublicKeyThatIsUsedAsASecret() throws Exception {
        for (byte[] secret : List.of(
                Issuer.RSA.toRSAPublicKey().getEncoded(),
                ("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder()
                                        .encodeToString(
                                                Issuer.RSA.toRSAPublicKey().getEncoded())
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.UTF_8),
                Issuer.RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build(), new Payload(claims()));
            token.sign(new MACSigner(secret));
            assertRefused(token.serialize(), "algorithm is not allowed");
        }
    }

    @Test
    void refusesKeysOfOthers() throws Exception {
        String claims = JSONObjectUtils.toJSONString(claims());
        assertRefused(
                Issuer.rs256("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", claims, Issuer.OTHER_RSA),
                "no key of the issuer");
        assertRefused(
                Issuer.rs256("{\"alg\":\"RS256\",\"kid\":\"rsa-2\"}", claims, Issuer.OTHER_RSA),
                "no key of the issuer");
        // A key of another type than the algorithm's.
        assertRefused(Issuer.rs256(Issuer.header("RS256", "ec-1"), claims()), "no key of the issuer");
        assertRefused(Issuer.rs256(Issuer.header("ES256", "ec-1"), claims()), "no key of the issuer");
        assertRefused(Issuer.rs256(Issuer.header("EdDSA", "rsa-1"), claims()), "no key of the issuer");
    }

    @Test
    void ignoresTheKeysThatATokenBrings() throws Exception {
        String claims = JSONObjectUtils.toJSONString(claims());
        String jwk = Issuer.OTHER_RSA.toPublicJWK().toJSONString();
        for (String header : List.of(
                "{\"alg\":\"RS256\",\"jwk\":" + jwk + "}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-2\",\"jwk\":" + jwk + "}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jku\":\"https://evil.example/keys\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5u\":\"https://evil.example/cert\"}",
                "{\"alg\":\"RS256\",\"kid\":\"../../../../dev/null\"}")) {
            assertRefused(Issuer.rs256(header, claims, Issuer.OTHER_RSA), "token: ");
        }
        // A right signature counts whatever else the header has.
        assertThat(accepted(headed("jku", "https://evil.example/keys")).name()).isEqualTo("alice");
        assertThat(jwt.reads).hasValueLessThan(3);
    }

    @Test
    void refusesCriticalExtensionsAndOtherTypes() throws Exception {
        assertRefused(headed("crit", List.of("exp")), "critical extensions");
        assertRefused(headed("crit", List.of("b64")), "token: ");
        assertRefused(headed("b64", false), "critical extensions");
        assertRefused(headed("typ", "dpop+jwt"), "type is not allowed");
        assertRefused(headed("typ", "logout+jwt"), "type is not allowed");
        assertThat(accepted(headed("typ", "at+jwt")).name()).isEqualTo("alice");
        assertThat(accepted(headed("typ", "application/at+JWT")).name()).isEqualTo("alice");
        assertThat(accepted(headed("typ", "jwt")).name()).isEqualTo("alice");
    }

    @Test
    void requiresTheClaims() {
        assertRefused(without("exp"), "claim exp: missing");
        assertRefused(without("aud"), "claim aud");
        assertRefused(without("iss"), "claim iss");
        assertRefused(without("sub"), "claim sub");
        assertRefused(with("sub", ""), "claim sub");
        assertRefused(with("sub", 7), "claim sub");
        assertRefused(with("sub", "a\r\nb"), "claim sub");
        assertRefused(with("sub", "x".repeat(300)), "claim sub");
        assertRefused(with("iss", "https://evil.example"), "claim iss");
        assertRefused(with("iss", Issuer.NAME + "/"), "claim iss");
        assertRefused(with("iss", List.of(Issuer.NAME)), "claim iss");
        assertRefused(with("aud", "payments"), "claim aud");
        assertRefused(with("aud", "Orders"), "claim aud");
        assertRefused(with("aud", "orders payments"), "claim aud");
        assertRefused(with("aud", List.of("payments")), "claim aud");
        assertRefused(with("aud", Map.of("orders", true)), "claim aud");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1893456000\"",
                "-1",
                "1e300",
                "99999999999999999999",
                "true",
                "[1893456000]",
                "{}",
                "253402300800"
            })
    void refusesTimesThatAreNone(String value) {
        String claims = "{\"iss\":\"" + Issuer.NAME + "\",\"sub\":\"alice\",\"aud\":\"orders\",\"exp\":" + value + "}";
        assertRefused(Issuer.rs256("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", claims, Issuer.RSA), "claim exp");
    }

    @Test
    void refusesDuplicates() {
        String claims = JSONObjectUtils.toJSONString(claims());
        assertRefused(
                Issuer.rs256("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"alg\":\"RS256\"}", claims, Issuer.RSA),
                "malformed");
        assertRefused(
                Issuer.rs256(
                        "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
                        claims.substring(0, claims.length() - 1) + ",\"sub\":\"admin\"}",
                        Issuer.RSA),
                "malformed");
    }

    @Test
    void refusesWhatIsTooLargeOrTooDeep() {
        assertRefused(with("padding", "x".repeat(16 * 1024)), "token: ");
        Map<String, Object> many = new HashMap<>(claims());
        for (int i = 0; i < 101; i++) {
            many.put("c" + i, i);
        }
        assertRefused(Issuer.rs256(Issuer.header("RS256", "rsa-1"), many), "more claims");
        assertRefused(
                Issuer.rs256(
                        "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
                        "{\"iss\":\"" + Issuer.NAME + "\",\"deep\":" + "[".repeat(2000) + "]".repeat(2000) + "}",
                        Issuer.RSA),
                "malformed");
        Map<String, Object> claims = claims();
        claims.put("roles", "r ".repeat(2).strip());
        StringBuilder roles = new StringBuilder();
        for (int i = 0; i < 1001; i++) {
            roles.append(Integer.toString(i, 36)).append(' ');
        }
        claims.put("roles", roles.toString());
        assertRefused(Issuer.rs256(Issuer.header("RS256", "rsa-1"), claims), "roles");
    }

    @Test
    void refusesBadBase64AndBadText() {
        String[] parts = jwt.token().split("\\.", -1);
        assertRefused(parts[0] + "." + parts[1] + "." + parts[2] + "!", "malformed");
        assertRefused(parts[0] + "." + parts[1] + "." + parts[2].substring(1), "token: ");
        assertRefused(parts[0] + "+." + parts[1] + "." + parts[2], "malformed");
        assertRefused(parts[0] + "." + parts[1] + "=." + parts[2], "token: ");
        assertRefused(parts[0] + ".AAAA." + parts[2], "malformed");
        assertRefused("AAAA." + parts[1] + "." + parts[2], "malformed");
        for (String odd :
                List.of("a", ".", "..", "...", "a.b", "a.b.c.d.e", "a.b.c.d", ". .", "e30.e30.e30", "\u00e9.b.c")) {
            assertRefused(odd, ":");
        }
        assertRefused(Issuer.base64("null") + "." + Issuer.base64("null") + "." + Issuer.base64("x"), "malformed");
        assertRefused(Issuer.base64("[]") + "." + parts[1] + "." + parts[2], "malformed");
    }

    @Test
    void aTokenThatIsAlteredIsRefused() {
        String token = jwt.token();
        for (int i = 0; i < token.length(); i += 7) {
            char c = token.charAt(i) == 'A' ? 'B' : 'A';
            String altered = token.substring(0, i) + c + token.substring(i + 1);
            if (token.charAt(i) != '.' && i < token.length() - 2) {
                assertRefused(altered, ":");
            }
        }
    }
}
