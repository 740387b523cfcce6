package io.lynx.security.http;

import io.lynx.security.Authenticator;
import io.lynx.security.Principal;
import io.lynx.security.http.SecurityMetrics.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies callers of other protocols than HTTP by the same credentials, and counts what becomes of them. The protocol decides whom it
 * allows. Thread-safe.
 */
final class SharedAuthenticator implements Authenticator {
    private final List<SchemeAuthenticator> authenticators;
    private final SecurityMetrics metrics;
    private final @Nullable String apiKeyHeader;

    /**
     * Creates one.
     *
     * @param authenticators in the order in which they are tried
     * @param apiKeyHeader the name of the header of API keys; null if there are none
     */
    SharedAuthenticator(
            List<SchemeAuthenticator> authenticators, SecurityMetrics metrics, @Nullable String apiKeyHeader) {
        this.authenticators = List.copyOf(authenticators);
        this.metrics = metrics;
        this.apiKeyHeader = apiKeyHeader;
    }

    @Override
    public Optional<Principal> authenticate(Credentials credentials) throws Exception {
        int present = credentials.headers("authorization").size()
                + (apiKeyHeader == null ? 0 : credentials.headers(apiKeyHeader).size());
        if (present > 1) {
            metrics.count(CredentialScheme.NONE, Outcome.AMBIGUOUS);
            throw new AuthenticationException("credentials: " + present + " of them; exactly one");
        }
        for (SchemeAuthenticator each : authenticators) {
            Optional<Principal> principal = authenticate(each, credentials);
            if (principal.isPresent()) {
                metrics.count(each.scheme(), Outcome.ACCEPTED);
                return principal;
            }
        }
        metrics.count(CredentialScheme.NONE, present == 0 ? Outcome.ANONYMOUS : Outcome.INVALID);
        return Optional.empty();
    }

    private Optional<Principal> authenticate(SchemeAuthenticator each, Credentials credentials) throws Exception {
        try {
            return each.authenticator().authenticate(credentials);
        } catch (AuthenticationException invalid) {
            metrics.count(each.scheme(), Outcome.INVALID);
            throw invalid;
        } catch (TooManyAttemptsException tooMany) {
            metrics.count(each.scheme(), Outcome.LIMITED);
            throw tooMany;
        } catch (Exception unjudged) {
            metrics.count(each.scheme(), Outcome.UNJUDGED);
            throw unjudged;
        }
    }
}
