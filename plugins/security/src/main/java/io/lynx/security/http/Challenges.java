package io.lynx.security.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The header {@code WWW-Authenticate} of refusals (RFC 9110, 11.6.1; RFC 6750, 3). It never tells why credentials are invalid: that helps
 * nobody but an attacker, and is in the log. Immutable.
 */
final class Challenges {
    private static final String HEADER = "WWW-Authenticate";

    private final String bearer;
    private final boolean hasBearer;
    private final Map<String, String> missing;
    private final Map<CredentialScheme, Map<String, String>> invalid;

    /**
     * Creates the challenges.
     *
     * @param schemes those that are configured
     * @param realm without quotes
     * @param apiKeyHeader the name of the header of API keys
     */
    Challenges(Set<CredentialScheme> schemes, String realm, String apiKeyHeader) {
        this.bearer = "Bearer realm=\"" + realm + "\"";
        this.hasBearer = schemes.stream().anyMatch(CredentialScheme::isBearer);
        String basic = "Basic realm=\"" + realm + "\", charset=\"UTF-8\"";
        String apiKey = "ApiKey realm=\"" + realm + "\", header=\"" + apiKeyHeader + "\"";
        List<String> all = new ArrayList<>();
        if (hasBearer || schemes.isEmpty() || schemes.equals(Set.of(CredentialScheme.OTHER))) {
            all.add(bearer);
        }
        if (schemes.contains(CredentialScheme.API_KEY)) {
            all.add(apiKey);
        }
        if (schemes.contains(CredentialScheme.BASIC)) {
            all.add(basic);
        }
        this.missing = Map.of(HEADER, String.join(", ", all));
        Map<String, String> invalidToken = Map.of(HEADER, bearer + ", error=\"invalid_token\"");
        this.invalid = Map.of(
                CredentialScheme.JWT,
                invalidToken,
                CredentialScheme.INTROSPECTION,
                invalidToken,
                CredentialScheme.API_KEY,
                Map.of(HEADER, apiKey),
                CredentialScheme.BASIC,
                Map.of(HEADER, basic));
    }

    /** Returns the header for a request without credentials. */
    Map<String, String> missing() {
        return missing;
    }

    /** Returns the header for a request with invalid credentials. */
    Map<String, String> invalid(CredentialScheme scheme) {
        return invalid.getOrDefault(scheme, missing);
    }

    /** Returns the header for a request with several credentials. */
    Map<String, String> ambiguous() {
        return hasBearer ? Map.of(HEADER, bearer + ", error=\"invalid_request\"") : missing;
    }

    /** Returns the header for a caller without the role that is required. */
    Map<String, String> forbidden(CredentialScheme scheme) {
        return scheme.isBearer() ? Map.of(HEADER, bearer + ", error=\"insufficient_scope\"") : Map.of();
    }
}
