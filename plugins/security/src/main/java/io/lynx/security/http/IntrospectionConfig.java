package io.lynx.security.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.lynx.config.Size;
import io.lynx.http.client.ClientConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How opaque tokens are checked (RFC 7662): {@code lynx.security.introspection}. Immutable.
 *
 * @param url where tokens are checked
 * @param clientId the name of this service at the provider
 * @param clientSecret its password there
 * @param audiences one of them must be in {@code aud} of the answer
 * @param anyAudience whether tokens for other services are accepted
 * @param issuer must be {@code iss} of the answer, if the answer has one
 * @param nameClaim the member that is the name of the principal
 * @param rolesClaims the members that have the roles of the principal
 * @param roles that each principal has in addition
 * @param attributes the members that become attributes of the principal
 * @param prefix in front of the name of each principal
 * @param clockSkew by how much the clocks of provider and service may differ
 * @param maxTokenSize the largest token, in characters
 * @param cache how long an active token is accepted without another check
 * @param inactiveCache how long an inactive token is refused without another check
 * @param timeout of one check
 * @param maxCalls checks at a time
 * @param allowHttp whether the provider may be reached without TLS
 * @param tls files for the connections to the provider
 */
public record IntrospectionConfig(
        @Doc("Where tokens are checked.") URI url,

        @Doc("Name of this service at the provider.") String clientId,

        @Doc("Password of this service at the provider.") @Secret
        String clientSecret,

        @Doc("Names of this service; the answer must have one of them in aud.") @Default("[]")
        List<String> audiences,

        @Doc("Whether tokens are accepted that are for other services, or for none in particular.") @Default("false")
        boolean anyAudience,

        @Doc("Must be the member iss of the answer, if the answer has it.")
        Optional<String> issuer,

        @Doc("Member of the answer that is the name of the principal.") @Default("sub")
        String nameClaim,

        @Doc("Members of the answer with the roles of the principal.") @Default("[roles]")
        List<String> rolesClaims,

        @Doc("Roles that each principal has in addition.") @Default("[]")
        List<String> roles,

        @Doc("Members of the answer that become attributes of the principal.") @Default("[]")
        List<String> attributes,

        @Doc("Text in front of the names of the principals.") @Default("")
        String prefix,

        @Doc("By how much the clocks of provider and service may differ.")
        @Default("30s")
        @Range(min = "0s", max = "5m")
        Duration clockSkew,

        @Doc("The largest token.") @Default("4KiB") @Range(min = "16B", max = "64KiB")
        Size maxTokenSize,

        @Doc("How long an active token is accepted without another check; never beyond its expiry.")
        @Default("30s")
        @Range(min = "0s", max = "60s")
        Duration cache,

        @Doc("How long an inactive token is refused without another check.")
        @Default("10s")
        @Range(min = "0s", max = "60s")
        Duration inactiveCache,

        @Doc("Time limit of one check.") @Default("3s") @Range(min = "10ms", max = "1m")
        Duration timeout,

        @Doc("How many checks may be made at a time; requests beyond are answered with 503.")
        @Default("64")
        @Range(min = "1", max = "10000")
        int maxCalls,

        @Doc("Whether the provider may be reached without TLS, from other hosts than this one.") @Default("false")
        boolean allowHttp,

        @Doc("Files for TLS with the provider.") ClientConfig.Tls tls) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the URL is malformed or not protected by TLS, or the audience is not restricted
     */
    public IntrospectionConfig {
        audiences = List.copyOf(audiences);
        rolesClaims = List.copyOf(rolesClaims);
        roles = List.copyOf(roles);
        attributes = List.copyOf(attributes);
        ProviderUrl.require("url", url.toString(), allowHttp);
        if (clientId.isBlank() || clientSecret.isBlank()) {
            throw new IllegalArgumentException(
                    "client_id and client_secret: one is blank; those of this service at the provider");
        }
        if (audiences.isEmpty() != anyAudience) {
            throw new IllegalArgumentException(
                    "audiences: the names of this service in aud of the answer, or any_audience: true if the provider tells none");
        }
    }

    PrincipalMapping mapping(String scheme) {
        return new PrincipalMapping(scheme, nameClaim, rolesClaims, Set.copyOf(roles), attributes, prefix);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "IntrospectionConfig[url=" + url + ", clientId=" + clientId + ", audiences=" + audiences
                + ", anyAudience=" + anyAudience + "]";
    }
}
