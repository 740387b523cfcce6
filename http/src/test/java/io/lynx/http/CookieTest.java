package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies that clients keep, with safe defaults. */
class CookieTest {
    @Test
    void isSafeUnlessChanged() {
        assertThat(Cookie.of("__Host-session", "a").headerValue())
                .isEqualTo("__Host-session=a; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(Cookie.of("a", "").withMaxAge(Duration.ZERO).headerValue()).contains("Max-Age=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Host-a", "__Secure-a", "__host-a", "__SECURE-a"})
    void keepsWhatItsNamePromises(String name) {
        Cookie cookie = Cookie.of(name, "1");

        assertThatThrownBy(() -> cookie.withSecure(false)).isInstanceOf(IllegalArgumentException.class);
        if (name.length() == "__Host-a".length()) {
            assertThatThrownBy(() -> cookie.withPath("/a")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cookie.withDomain("example.com")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void forAllSitesIsSecure() {
        Cookie cookie = Cookie.of("a", "1").withSameSite(Cookie.SameSite.NONE);

        assertThatThrownBy(() -> cookie.withSecure(false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SameSite=None");
    }

    @Test
    void hasWhatClientsAccept() {
        String large = "x".repeat(4096);

        assertThatThrownBy(() -> Cookie.of("a", large)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.of("a", "1\r\nX: 2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.of("a", "1; Domain=evil.example")).isInstanceOf(IllegalArgumentException.class);
        Cookie cookie = Cookie.of("a", "1");
        assertThatThrownBy(() -> cookie.withPath("/; Domain=x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> cookie.withDomain("a\r\nX: 1")).isInstanceOf(IllegalArgumentException.class);
    }
}
