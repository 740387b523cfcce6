package io.lynx.security.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Key;
import io.lynx.config.Range;
import io.lynx.http.AccessRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The section {@code lynx.security}. Immutable.
 *
 * @param enabled whether requests are authenticated
 * @param defaultAccess who may call routes without a rule of their own
 * @param realm names the protected part of the service in challenges
 * @param issuers the issuers of the JWTs that are accepted, by name
 * @param introspection how opaque tokens are checked
 * @param apiKeys the clients with API keys
 * @param basic the users with passwords
 * @param developmentCallers the callers for whom tokens are printed on the terminal, and their roles
 * @param cacheSize how many results of checks are kept, for each kind of credentials
 * @param cacheTime how long a verified JWT is accepted without another check
 */
public record SecurityConfig(
        @Doc("Whether requests are authenticated; if not, routes that require a caller answer 401.") @Default("true")
        boolean enabled,

        @Doc("Who may call routes without a rule of their own: authenticated or anonymous callers.")
        @Key("default")
        @Default("authenticated")
        DefaultAccess defaultAccess,

        @Doc("Name of the protected part of the service in WWW-Authenticate.") @Default("service")
        String realm,

        @Doc("Issuers of the JWTs that are accepted, by name.")
        Map<String, IssuerConfig> issuers,

        @Doc("How opaque tokens are checked.") Optional<IntrospectionConfig> introspection,
        @Doc("Clients with API keys.") Optional<ApiKeysConfig> apiKeys,
        @Doc("Users with passwords.") Optional<BasicConfig> basic,

        @Doc(
                "Callers for whom the start prints tokens on the terminal, by name with their roles; for development only.")
        Map<String, List<String>> developmentCallers,

        @Doc("How many results of checks are kept in memory, for each kind of credentials.")
        @Default("10000")
        @Range(min = "16", max = "1000000")
        int cacheSize,

        @Doc("How long a verified JWT is accepted without another check; never beyond its expiry.")
        @Default("60s")
        @Range(min = "0s", max = "60s")
        Duration cacheTime) {
    /** Who may call routes without a rule of their own. */
    public enum DefaultAccess {
        /** Every caller that is identified. */
        AUTHENTICATED,
        /** Everyone. */
        ANONYMOUS;

        AccessRule rule() {
            return this == AUTHENTICATED ? AccessRule.authenticated() : AccessRule.anonymous();
        }
    }

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a name or the realm is malformed, or two issuers could name different callers alike
     */
    public SecurityConfig {
        issuers = Map.copyOf(issuers);
        developmentCallers = Map.copyOf(developmentCallers);
        if (!realm.matches("[A-Za-z0-9 ._:/-]{1,100}")) {
            throw new IllegalArgumentException(
                    "realm: '" + realm + "'; 1 to 100 letters, digits, spaces and the characters . _ : / -");
        }
        TreeSet<String> prefixes = new TreeSet<>();
        issuers.forEach((name, issuer) -> {
            if (!name.matches("[a-z][a-z0-9-]{0,30}")) {
                throw new IllegalArgumentException("issuers: '" + name
                        + "'; a name has up to 31 lower-case letters, digits and dashes, starting with a letter");
            }
            if (!prefixes.add(issuer.prefix())) {
                throw new IllegalArgumentException("issuers." + name + ".prefix: '" + issuer.prefix()
                        + "' is that of another issuer, so that different callers would have the same name; set a prefix of"
                        + " its own");
            }
        });
        if (issuers.values().stream().map(IssuerConfig::issuer).distinct().count() < issuers.size()) {
            throw new IllegalArgumentException("issuers: two of them have the same issuer; each once");
        }
    }

    /** Returns whether nothing is configured by which a caller could be identified, other than tokens for development. */
    boolean isEmpty() {
        return issuers.isEmpty() && introspection.isEmpty() && apiKeys.isEmpty() && basic.isEmpty();
    }
}
