package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigTable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the section accepts, and what it says of the rest. */
class SecurityConfigTest {
    private static final String MAIN = "lynx.security.issuers.main.";

    @Test
    void anEmptySectionRequiresCallers() {
        SecurityConfig config = ConfigFixture.security(List.of());
        assertThat(config.enabled()).isTrue();
        assertThat(config.defaultAccess()).isEqualTo(SecurityConfig.DefaultAccess.AUTHENTICATED);
        assertThat(config.cacheTime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.isEmpty()).isTrue();
    }

    @Test
    void anIssuerHasSafeDefaults() {
        IssuerConfig config = JwtFixture.config();
        assertThat(config.algorithms())
                .containsExactly(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256, SignatureAlgorithm.EDDSA);
        assertThat(config.clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.startup()).isEqualTo(IssuerConfig.ProviderStartup.REQUIRE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "issuer=https://id.example | audiences: none",
                "issuer=https://id.example; audiences=a; algorithms=none | none",
                "issuer=https://id.example; audiences=a; algorithms=HS256 | HS256",
                "issuer=http://id.example; audiences=a | allow_http: true",
                "issuer=id.example; audiences=a | issuer: not an address",
                "issuer=https://user:pass@id.example; audiences=a | issuer: not an address",
                "issuer=https://id.example; audiences=a; jwks_url=http://id.example/keys | jwks_url: 'http'",
                "issuer=https://id.example; audiences=a; min_refresh=10m | min_refresh is longer",
                "issuer=https://id.example; audiences=a; clock_skew=1h | clock_skew",
            })
    void refusesWhatIsUnsafeOrWrong(String settings, String problem) {
        String[] all = settings.strip().split("; ");
        for (int i = 0; i < all.length; i++) {
            all[i] = MAIN + all[i];
        }
        assertThat(ConfigFixture.problems(all)).contains(problem.strip()).doesNotContain("pass@");
    }

    @Test
    void anIssuerOnThisHostNeedsNoTls() {
        assertThat(ConfigFixture.problems(MAIN + "issuer=http://localhost:8080/realms/a", MAIN + "audiences=a"))
                .isEqualTo("[]");
        assertThat(ConfigFixture.problems(MAIN + "issuer=http://[::1]:8080", MAIN + "audiences=a"))
                .isEqualTo("[]");
        assertThat(ConfigFixture.problems(
                        MAIN + "issuer=http://id.internal", MAIN + "audiences=a", MAIN + "allow_http=true"))
                .isEqualTo("[]");
    }

    @Test
    void severalIssuersNameTheirPrincipalsDifferently() {
        String[] two = {
            MAIN + "issuer=https://id.example",
            MAIN + "audiences=a",
            "lynx.security.issuers.partner.issuer=https://partner.example",
            "lynx.security.issuers.partner.audiences=a",
            ""
        };
        two[4] = "lynx.security.issuers.partner.prefix=partner:";
        assertThat(ConfigFixture.problems(two)).isEqualTo("[]");
        two[4] = "lynx.security.issuers.partner.roles=partner";
        assertThat(ConfigFixture.problems(two)).contains(".prefix: '' is that of another issuer");
    }

    @Test
    void secretsAreNeverShown() {
        List<String> settings = List.of(
                "lynx.security.introspection.url=https://id.example/introspect",
                "lynx.security.introspection.client_id=orders",
                "lynx.security.introspection.client_secret=hush-hush",
                "lynx.security.introspection.audiences=orders",
                "lynx.security.api_keys.clients.ci.keys.main=" + TokenDigest.hex("a-key"),
                "lynx.security.basic.users.ops.password="
                        + PasswordHash.of("correct horse".toCharArray(), new byte[16], 100_000)
                                .text());

        String table = ConfigTable.print(ConfigFixture.bind(settings).orThrow().table());

        assertThat(table)
                .contains("lynx.security.introspection.client_secret", "lynx.security.basic.users.ops.password")
                .doesNotContain("hush-hush", TokenDigest.hex("a-key"), "pbkdf2-sha256$100000");
        assertThat(ConfigFixture.security(settings).toString())
                .doesNotContain("hush-hush", TokenDigest.hex("a-key"), "pbkdf2-sha256$100000");
    }

    @Test
    void saysWhatIsWrongWithKeysAndPasswords() {
        assertThat(ConfigFixture.problems("lynx.security.api_keys.clients.ci.keys.main=plain-text-key"))
                .contains("HashedCredential prints")
                .doesNotContain("plain-text-key");
        assertThat(ConfigFixture.problems("lynx.security.basic.users.ops.password=plain-text"))
                .contains("HashedCredential prints")
                .doesNotContain("plain-text");
        assertThat(ConfigFixture.problems("lynx.security.api_keys.header=Authorization"))
                .contains("header: 'Authorization'");
        assertThat(ConfigFixture.problems(
                        "lynx.security.introspection.url=https://id.example/i",
                        "lynx.security.introspection.client_id=a",
                        "lynx.security.introspection.client_secret=b"))
                .contains("any_audience: true");
        assertThat(ConfigFixture.problems("lynx.security.default=open")).contains("authenticated");
    }
}
