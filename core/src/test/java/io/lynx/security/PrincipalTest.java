package io.lynx.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.security.Authenticator.Credentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a caller is known by, and what it presents. */
class PrincipalTest {
    /** Credentials that are one header. */
    private record Header(String name, List<String> values) implements Credentials {
        @Override
        public List<String> headers(String wanted) {
            return name.equalsIgnoreCase(wanted) ? values : List.of();
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public List<X509Certificate> certificates() {
            return List.of();
        }
    }

    @Test
    void isACopyOfWhatItWasGiven() {
        Set<String> roles = new HashSet<>(Set.of("operator"));
        Map<String, String> attributes = new HashMap<>(Map.of("tenant", "acme"));

        Principal ann = Principal.of("ann").withRoles(roles).withAttributes(attributes);
        roles.add("admin");
        attributes.clear();

        assertThat(ann.hasRole("operator")).isTrue();
        assertThat(ann.hasRole("admin")).isFalse();
        assertThat(ann.attribute("tenant")).contains("acme");
        assertThat(ann).hasToString("ann [operator]");
        assertThatThrownBy(() -> ann.roles().add("admin")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aBlankNameIsRefused() {
        assertThatThrownBy(() -> Principal.of(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("principal: name ' ' is blank");
    }

    @Test
    void aBearerTokenIsTheOneAfterTheScheme() {
        assertThat(new Header("Authorization", List.of("bearer  abc ")).bearerToken())
                .contains("abc");
        assertThat(new Header("Authorization", List.of("Basic abc")).bearerToken())
                .isEmpty();
        assertThat(new Header("Authorization", List.of("Bearer ")).bearerToken())
                .isEmpty();
        assertThat(new Header("Authorization", List.of("Bearer a", "Bearer b")).bearerToken())
                .isEmpty();
    }
}
