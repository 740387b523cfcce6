package io.lynx.http;

import io.lynx.http.engine.interceptor.ClientCertificateInterceptor;
import io.lynx.http.engine.interceptor.ConcurrencyLimitInterceptor;
import io.lynx.http.engine.interceptor.CorsInterceptor;
import io.lynx.http.engine.interceptor.RateLimitInterceptor;
import io.lynx.http.engine.interceptor.SecurityHeadersInterceptor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/**
 * The names of interceptors that have a place of their own. Among the interceptors of one level (the server's, a group's) those
 * with these names come first, in the order of {@link #ORDER}; all others follow in the order in which they were added.
 *
 * <p>The server has {@link #IN_FLIGHT_LIMIT}, {@link #REQUEST_CONTEXT}, {@link #METRICS} and {@link #DEADLINE} from the start, and
 * {@link #ACCESS_LOG}, {@link #HTTPS}, {@link #CORS} and {@link #SECURITY_HEADERS} if its configuration turns them on. Each can be removed or
 * replaced by its name, for the server, for a group and for a route. Immutable.
 */
public final class StandardInterceptors {
    /** Answers requests above {@code max_in_flight} with 503, before anything else runs for them. */
    public static final String IN_FLIGHT_LIMIT = "in-flight-limit";

    /** Binds the context of the request: its id, trace, baggage, deadline and principal. */
    public static final String REQUEST_CONTEXT = "request-context";

    /** Writes the ids of the request to SLF4J's MDC, for logging back ends other than {@code lynx-logging}; see {@link #mdc()}. */
    public static final String MDC = "mdc";

    /** Writes the access log. */
    public static final String ACCESS_LOG = "access-log";

    /** Measures the request. */
    public static final String METRICS = "metrics";

    /** Sends requests without TLS to HTTPS. */
    public static final String HTTPS = "https";

    /** Answers preflight requests and sets the headers of cross-origin requests. */
    public static final String CORS = "cors";

    /** Sets headers such as {@code Strict-Transport-Security}. */
    public static final String SECURITY_HEADERS = "security-headers";

    /** Cancels the request when it exceeds {@code request_timeout} or the time-out of its route. */
    public static final String DEADLINE = "deadline";

    /** Limits the rate of requests by what can be seen before authentication. */
    public static final String RATE_LIMIT = "rate-limit";

    /** Identifies the caller. */
    public static final String AUTHENTICATION = "authentication";

    /** Limits the rate of requests of each caller. */
    public static final String PRINCIPAL_RATE_LIMIT = "principal-rate-limit";

    /** Decides whether the caller may call the route: an {@link AccessRule}. */
    public static final String AUTHORIZATION = "authorization";

    /** Limits how many requests are handled at a time. */
    public static final String CONCURRENCY_LIMIT = "concurrency-limit";

    /** All names, the outermost first. */
    public static final List<String> ORDER = List.of(
            IN_FLIGHT_LIMIT,
            REQUEST_CONTEXT,
            MDC,
            ACCESS_LOG,
            METRICS,
            HTTPS,
            CORS,
            SECURITY_HEADERS,
            DEADLINE,
            RATE_LIMIT,
            AUTHENTICATION,
            PRINCIPAL_RATE_LIMIT,
            AUTHORIZATION,
            CONCURRENCY_LIMIT);

    private StandardInterceptors() {}

    /**
     * Returns an interceptor that lets pages of other origins use the routes inside, to be added by the name {@link #CORS}. It sets its
     * headers on errors too. It also answers the preflight requests for these routes.
     */
    public static Interceptor cors(CorsConfig config) {
        return new CorsInterceptor(config);
    }

    /** Returns an interceptor that sets headers which make browsers careful, to be added by the name {@link #SECURITY_HEADERS}. */
    public static Interceptor securityHeaders(SecurityHeadersConfig config) {
        return new SecurityHeadersInterceptor(config);
    }

    /**
     * Returns an interceptor that limits how many requests each client may make in a time; others are answered with 429 and
     * {@code Retry-After}. Add it by the name {@link #RATE_LIMIT}, or by {@link #PRINCIPAL_RATE_LIMIT} if the key depends on the principal.
     *
     * @param name the label {@code resource} of {@code lynx_rate_limit_hits_total}
     * @throws IllegalArgumentException if the configuration is not a limit
     */
    public static Interceptor rateLimit(String name, RateLimitConfig config, LimitKey key) {
        return new RateLimitInterceptor(name, config, key);
    }

    /**
     * Returns an interceptor that limits how many requests are handled at a time; others are answered with 503. Add it by the name
     * {@link #CONCURRENCY_LIMIT}.
     *
     * @throws IllegalArgumentException if {@code most} is less than 1
     */
    public static Interceptor concurrencyLimit(int most) {
        return new ConcurrencyLimitInterceptor(most, null);
    }

    /**
     * Returns an interceptor that limits how many requests of each client are handled at a time; others are answered with 429.
     *
     * @throws IllegalArgumentException if {@code most} is less than 1
     */
    public static Interceptor concurrencyLimit(int most, LimitKey key) {
        return new ConcurrencyLimitInterceptor(most, key);
    }

    /**
     * Returns an interceptor that makes the holder of the client's certificate the principal of the request, to be added by the name
     * {@link #AUTHENTICATION}. A request without a certificate has no principal.
     *
     * @param name returns the name of the principal, which must be unique among the holders of accepted certificates
     */
    public static Interceptor clientCertificate(Function<X509Certificate, String> name) {
        return new ClientCertificateInterceptor(name);
    }

    /**
     * Returns an interceptor that puts {@code request_id}, {@code trace_id} and {@code span_id} into SLF4J's MDC while the handler
     * runs. {@code lynx-logging} shows them without it.
     */
    public static Interceptor mdc() {
        return new MdcInterceptor();
    }
}
