package io.lynx.security.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which API keys are accepted. */
class ApiKeyAuthenticatorTest {
    private final ApiKeyAuthenticator keys = new ApiKeyAuthenticator(ConfigFixture.security(List.of(
                    "lynx.security.api_keys.header=X-Key",
                    "lynx.security.api_keys.clients.ci.keys.old=" + TokenDigest.hex("first-key"),
                    "lynx.security.api_keys.clients.ci.keys.new=" + TokenDigest.hex("second-key"),
                    "lynx.security.api_keys.clients.ci.roles=deployer",
                    "lynx.security.api_keys.clients.shop.keys.main=" + TokenDigest.hex("third-key")))
            .apiKeys()
            .orElseThrow());

    @Test
    void eachKeyOfAClientIdentifiesIt() throws Exception {
        assertThat(keys.authenticate(FakeCredentials.with("X-Key", "first-key")))
                .hasValue(new Principal("ci", Set.of("deployer"), Map.of("scheme", "api_key", "key", "old")));
        assertThat(keys.authenticate(FakeCredentials.with("x-key", " second-key ")))
                .hasValue(new Principal("ci", Set.of("deployer"), Map.of("scheme", "api_key", "key", "new")));
        assertThat(keys.authenticate(FakeCredentials.with("X-Key", "third-key")))
                .hasValueSatisfying(shop -> assertThat(shop.name()).isEqualTo("shop"));
    }

    @Test
    void refusesOthers() {
        for (String key : List.of("", "first-ke", "first-keyy", TokenDigest.hex("first-key"), "x".repeat(100_000))) {
            assertThatThrownBy(() -> keys.authenticate(FakeCredentials.with("X-Key", key)))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessage("API key: unknown");
        }
        assertThatThrownBy(() -> keys.authenticate(FakeCredentials.with("X-Key", "first-key", "first-key")))
                .isInstanceOf(AuthenticationException.class);
    }

    @Test
    void leavesRequestsWithoutAKeyToOthers() throws Exception {
        assertThat(keys.authenticate(FakeCredentials.with("X-API-Key", "first-key")))
                .isEmpty();
        assertThat(keys.authenticate(FakeCredentials.bearer("first-key"))).isEmpty();
    }
}
