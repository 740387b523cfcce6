package io.lynx.security.http;

import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.http.AccessRule;
import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteDescription;
import io.lynx.http.SecurityScheme;
import io.lynx.security.Authenticator.AuthenticationException;
import io.lynx.security.Principal;
import io.lynx.security.http.SecurityMetrics.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies the caller of a request before its body is read, and refuses those whom the rule of the route does not allow. Credentials
 * that cannot be judged are answered with 503: a client that received 401 would throw away a good token. Thread-safe.
 */
final class AuthenticationInterceptor implements Interceptor {
    private static final Logger log = LoggerFactory.getLogger(SecurityPlugin.class);

    private final List<SchemeAuthenticator> authenticators;
    private final Challenges challenges;
    private final SecurityMetrics metrics;
    private final @Nullable String apiKeyHeader;
    private final boolean hasOthers;

    /**
     * Creates an interceptor.
     *
     * @param authenticators in the order in which they are asked
     * @param apiKeyHeader the name of the header of API keys; null if there are none
     */
    AuthenticationInterceptor(
            List<SchemeAuthenticator> authenticators,
            Challenges challenges,
            SecurityMetrics metrics,
            @Nullable String apiKeyHeader) {
        this.authenticators = List.copyOf(authenticators);
        this.challenges = challenges;
        this.metrics = metrics;
        this.apiKeyHeader = apiKeyHeader;
        this.hasOthers = authenticators.stream().anyMatch(each -> each.scheme() == CredentialScheme.OTHER);
    }

    /** A caller, and how it was identified. */
    private record Caller(Principal principal, CredentialScheme scheme) {}

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        AccessRule rule = request.access().orElseGet(AccessRule::authenticated);
        if (rule.identity() == AccessRule.Identity.NONE) {
            next.handle(request, response);
            return;
        }
        requireOneKind(request);
        Caller caller = identify(request, response);
        if (response.isSent()) {
            return;
        }
        if (caller == null) {
            if (rule.needsPrincipal()) {
                throw refused(
                        CredentialScheme.NONE,
                        Outcome.MISSING,
                        401,
                        "authentication is required",
                        challenges.missing());
            }
            metrics.count(CredentialScheme.NONE, Outcome.ANONYMOUS);
        } else {
            if (!rule.allows(caller.principal())) {
                throw refused(
                        caller.scheme(),
                        Outcome.FORBIDDEN,
                        403,
                        "the caller is not allowed to do this",
                        challenges.forbidden(caller.scheme()));
            }
            metrics.count(caller.scheme(), Outcome.ACCEPTED);
            RequestContext.current().authenticated(caller.principal());
        }
        next.handle(request, response);
    }

    /** Tells in which ways a caller can be identified. What a check of the application's own reads is not known. */
    @Override
    public void describe(RouteDescription route) {
        for (SchemeAuthenticator each : authenticators) {
            switch (each.scheme()) {
                case JWT -> route.authentication(SecurityScheme.bearer("JWT"));
                case INTROSPECTION -> route.authentication(SecurityScheme.bearer(""));
                case BASIC -> route.authentication(SecurityScheme.basic());
                case API_KEY -> {
                    if (apiKeyHeader != null) {
                        route.authentication(SecurityScheme.apiKey(apiKeyHeader));
                    }
                }
                case NONE, OTHER -> {}
            }
        }
    }

    /** A request with credentials twice is refused, since another reader of it may choose the other ones. */
    private void requireOneKind(Request request) {
        int headers = request.headers("authorization").size();
        int keys = apiKeyHeader == null ? 0 : request.headers(apiKeyHeader).size();
        if (headers + keys > 1) {
            throw refused(
                    CredentialScheme.NONE,
                    Outcome.AMBIGUOUS,
                    400,
                    "credentials: " + (headers + keys) + " of them; exactly one",
                    challenges.ambiguous());
        }
    }

    private @Nullable Caller identify(Request request, Response response) throws Exception {
        RequestCredentials credentials = new RequestCredentials(request);
        for (SchemeAuthenticator each : authenticators) {
            try {
                Optional<Principal> principal = each.authenticator().authenticate(credentials);
                if (principal.isPresent()) {
                    return new Caller(principal.get(), each.scheme());
                }
            } catch (AuthenticationException invalid) {
                log.debug("Invalid credentials ({}): {}", each.scheme().label(), invalid.getMessage());
                throw refused(
                        each.scheme(),
                        Outcome.INVALID,
                        401,
                        "the credentials are not valid",
                        challenges.invalid(each.scheme()));
            } catch (TooManyAttemptsException tooMany) {
                throw refused(
                        each.scheme(),
                        Outcome.LIMITED,
                        429,
                        "too many invalid credentials",
                        Map.of("Retry-After", Long.toString(tooMany.retrySeconds())));
            } catch (UnjudgedException unjudged) {
                unjudged(each.scheme(), response, unjudged, unjudged.retrySeconds());
                return null;
            } catch (Exception failure) {
                unjudged(each.scheme(), response, failure, 1);
                return null;
            }
        }
        return null;
    }

    private HttpException refused(
            CredentialScheme scheme, Outcome outcome, int status, String detail, Map<String, String> headers) {
        metrics.count(scheme, outcome);
        return new HttpException(status, detail, headers);
    }

    /** Answers without an exception, which would count as a failure of the route's plugin. */
    private void unjudged(CredentialScheme scheme, Response response, Exception why, long retrySeconds) {
        metrics.count(scheme, Outcome.UNJUDGED);
        log.debug("Credentials cannot be judged ({}): {}", scheme.label(), UserCode.describe(why));
        response.header("Retry-After", Long.toString(retrySeconds))
                .problem(503, "the credentials cannot be checked now; try again later");
    }

    /**
     * Checks may block, and a body must not be read before them; a request without either is judged on the event loop.
     */
    @Override
    public boolean mayBlock(Request request) {
        if (request.access().map(AccessRule::identity).orElse(AccessRule.Identity.REQUIRED)
                == AccessRule.Identity.NONE) {
            return false;
        }
        return hasOthers
                || request.header("authorization").isPresent()
                || (apiKeyHeader != null && request.header(apiKeyHeader).isPresent())
                || request.header("content-length")
                        .filter(length -> !length.equals("0"))
                        .isPresent()
                || request.header("transfer-encoding").isPresent();
    }
}
