package io.lynx.security.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import io.lynx.http.client.ClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One issuer of JWTs: {@code lynx.security.issuers.<name>}. Immutable.
 *
 * @param issuer the claim {@code iss} of its tokens
 * @param audiences one of them must be in the claim {@code aud}
 * @param jwksUrl where its keys are; found by discovery if empty
 * @param algorithms by which tokens may be signed
 * @param types the values of {@code typ} that are accepted
 * @param clockSkew by how much the clocks of issuer and service may differ
 * @param nameClaim the claim that is the name of the principal
 * @param rolesClaims the claims that have the roles of the principal
 * @param roles that each of its principals has in addition
 * @param attributes the claims that become attributes of the principal
 * @param prefix in front of the name of each of its principals
 * @param maxTokenSize the largest token, in characters
 * @param maxClaims the largest number of claims
 * @param refresh how often the keys are read
 * @param minRefresh how often they are read at most, for tokens with an unknown key
 * @param maxStale how old keys may be that cannot be read again
 * @param timeout of one call to the issuer
 * @param startup what happens if the keys cannot be read at the start
 * @param allowHttp whether the issuer may be reached without TLS
 * @param tls files for the connections to the issuer
 */
public record IssuerConfig(
        @Doc("The claim iss of its tokens, such as https://id.example.com/realms/shop.")
        String issuer,

        @Doc("Names of this service; a token must have one of them in its claim aud.") @Default("[]")
        List<String> audiences,

        @Doc("Where its keys are; if not set, discovery finds them: issuer/.well-known/openid-configuration.")
        Optional<URI> jwksUrl,

        @Doc("Algorithms by which tokens may be signed.") @Default("[RS256, ES256, EdDSA]")
        List<SignatureAlgorithm> algorithms,

        @Doc("Accepted values of the header typ; a token without it is accepted too.") @Default("[JWT, at+jwt]")
        List<String> types,

        @Doc("By how much the clocks of issuer and service may differ.") @Default("30s") @Range(min = "0s", max = "5m")
        Duration clockSkew,

        @Doc("Claim that is the name of the principal.") @Default("sub")
        String nameClaim,

        @Doc("Claims with the roles of the principal, such as roles or realm_access.roles.") @Default("[roles]")
        List<String> rolesClaims,

        @Doc("Roles that each of its principals has in addition.") @Default("[]")
        List<String> roles,

        @Doc("Claims that become attributes of the principal.") @Default("[]")
        List<String> attributes,

        @Doc("Text in front of the names of its principals; each issuer needs another one.") @Default("")
        String prefix,

        @Doc("The largest token.") @Default("8KiB") @Range(min = "256B", max = "64KiB")
        Size maxTokenSize,

        @Doc("The largest number of claims in a token.") @Default("100") @Range(min = "4", max = "10000")
        int maxClaims,

        @Doc("How often the keys are read.") @Default("5m") @Range(min = "1s", max = "1d")
        Duration refresh,

        @Doc("How long after a reading of the keys a token with an unknown key may cause another one.")
        @Default("10s")
        @Range(min = "1s", max = "1h")
        Duration minRefresh,

        @Doc("How old keys may be if they cannot be read again; tokens cannot be judged then.")
        @Default("12h")
        @Range(min = "1m", max = "30d")
        Duration maxStale,

        @Doc("Time limit of one call to the issuer.") @Default("5s") @Range(min = "10ms", max = "1m")
        Duration timeout,

        @Doc("If the keys cannot be read at the start: require (the start fails) or degrade (they are read later).")
        @Default("require")
        ProviderStartup startup,

        @Doc("Whether the issuer may be reached without TLS, from other hosts than this one.") @Default("false")
        boolean allowHttp,

        @Doc("Files for TLS with the issuer.") ClientConfig.Tls tls) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no audience or algorithm, or a URL is malformed or not protected by TLS
     */
    public IssuerConfig {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        types = List.copyOf(types);
        rolesClaims = List.copyOf(rolesClaims);
        roles = List.copyOf(roles);
        attributes = List.copyOf(attributes);
        if (issuer.isBlank()) {
            throw new IllegalArgumentException("issuer: missing; the claim iss of its tokens");
        }
        if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    "audiences: none; the name of this service in the claim aud, so that tokens for other services are refused");
        }
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("algorithms: none; such as RS256");
        }
        if (nameClaim.isBlank()) {
            throw new IllegalArgumentException("name_claim: blank; such as sub");
        }
        ProviderUrl.require(
                jwksUrl.isPresent() ? "jwks_url" : "issuer",
                jwksUrl.map(URI::toString).orElse(issuer),
                allowHttp);
        if (minRefresh.compareTo(refresh) > 0) {
            throw new IllegalArgumentException("min_refresh is longer than refresh; at most as long");
        }
    }

    /** What happens if a provider cannot be reached at the start. */
    public enum ProviderStartup {
        /** The start fails, so that a deployment with a wrong address stops at its first instance. */
        REQUIRE,
        /** The service starts; requests that cannot be judged are answered with 503 until the provider answers. */
        DEGRADE
    }

    PrincipalMapping mapping(String scheme) {
        return new PrincipalMapping(scheme, nameClaim, rolesClaims, Set.copyOf(roles), attributes, prefix);
    }
}
