package io.lynx.grpc;

import io.grpc.ServerInterceptor;
import io.lynx.grpc.engine.InterceptorPlan;
import java.util.List;

/**
 * The interceptors around every call of a server. Those with one of the names below come first, in the order of {@link #ORDER};
 * all others follow in the order in which they were added. The names and their order are those of HTTP. What the server has from
 * the start under a name can be removed or replaced. Not thread-safe.
 */
public final class CallInterceptors {
    /** Answers calls above {@code max_in_flight} with {@code RESOURCE_EXHAUSTED}, before anything else runs for them. */
    public static final String IN_FLIGHT_LIMIT = "in-flight-limit";

    /** Binds the context of the call for each callback: its id, trace, baggage, deadline and principal. */
    public static final String REQUEST_CONTEXT = "request-context";

    /** Has a place for an interceptor that writes the ids of the call to SLF4J's MDC. */
    public static final String MDC = "mdc";

    /** Writes the access log. */
    public static final String ACCESS_LOG = "access-log";

    /** Measures the call. */
    public static final String METRICS = "metrics";

    /** Ends calls that exceed their time. */
    public static final String DEADLINE = "deadline";

    /** Has a place for a limit of the rate of calls by what can be seen before authentication. */
    public static final String RATE_LIMIT = "rate-limit";

    /** Identifies the caller. */
    public static final String AUTHENTICATION = "authentication";

    /** Has a place for a limit of the rate of calls of each caller. */
    public static final String PRINCIPAL_RATE_LIMIT = "principal-rate-limit";

    /** Decides whether the caller may call the service: a {@link CallAccess}. */
    public static final String AUTHORIZATION = "authorization";

    /** Has a place for a limit of how many calls are handled at a time. */
    public static final String CONCURRENCY_LIMIT = "concurrency-limit";

    /** All names, the outermost first. */
    public static final List<String> ORDER = List.of(
            IN_FLIGHT_LIMIT,
            REQUEST_CONTEXT,
            MDC,
            ACCESS_LOG,
            METRICS,
            DEADLINE,
            RATE_LIMIT,
            AUTHENTICATION,
            PRINCIPAL_RATE_LIMIT,
            AUTHORIZATION,
            CONCURRENCY_LIMIT);

    private final InterceptorPlan plan = new InterceptorPlan(ORDER);

    CallInterceptors() {}

    /** Adds an interceptor behind those added before it. */
    public CallInterceptors add(ServerInterceptor interceptor) {
        plan.add("", interceptor);
        return this;
    }

    /**
     * Adds an interceptor, or replaces the one of that name.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public CallInterceptors add(String name, ServerInterceptor interceptor) {
        plan.add(named(name), interceptor);
        return this;
    }

    /**
     * Removes the interceptor of that name; has no effect if there is none.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public CallInterceptors remove(String name) {
        plan.remove(named(name));
        return this;
    }

    private static String named(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("interceptor: its name is empty; a short word such as 'authentication'");
        }
        return name;
    }

    /** What was added, replaced and removed. */
    InterceptorPlan plan() {
        return plan;
    }
}
