package io.lynx.http.engine.interceptor;

import io.lynx.extension.UserCode;
import io.lynx.http.AccessRule;
import io.lynx.http.CorsConfig;
import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.InterceptorChange;
import io.lynx.http.Request;
import io.lynx.http.StandardInterceptors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interceptors around one route, or around what a server answers itself. Immutable.
 *
 * @param handlers those that run around the handler, the outermost first; the built-in ones are not among them
 * @param refusals those of them that run around a refusal of the server: without the ones that decide whether a request is
 *     accepted
 * @param hooks the error hooks, in the order in which they are called: the innermost first
 * @param access decides who may call the route; null if everyone may
 * @param descriptions those that describe the routes and do nothing else, the outermost first
 * @param limitsInFlight whether the built-in limit of requests in flight applies
 * @param bindsContext whether the context of the request is bound while its handler runs
 * @param isLogged whether the request is written to the access log
 * @param isMeasured whether the request is measured
 * @param hasDeadline whether the request has a time limit
 */
public record InterceptorChain(
        List<Interceptor> handlers,
        List<Interceptor> refusals,
        List<TypedErrorHook<?>> hooks,
        @Nullable AccessRule access,
        List<Interceptor> descriptions,
        boolean limitsInFlight,
        boolean bindsContext,
        boolean isLogged,
        boolean isMeasured,
        boolean hasDeadline) {
    private static final int FIRST_THAT_ACCEPTS = StandardInterceptors.ORDER.indexOf(StandardInterceptors.RATE_LIMIT);

    /** The named ones first, the error hooks of the most specific types last. */
    private static final Comparator<InterceptorChange> BY_PLACE =
            Comparator.comparingInt(change -> change.interceptor() instanceof TypedErrorHook<?> hook
                    ? StandardInterceptors.ORDER.size() + hook.depth()
                    : rank(change.name()));

    /** That of a server to which nothing was added. */
    public static final InterceptorChain BUILT_IN = of(List.of(BuiltInInterceptor.ALL));

    /** The interceptors that remain after all changes; an outer level comes before those inside it. */
    public static InterceptorChain of(List<List<InterceptorChange>> levels) {
        List<InterceptorChange> present = new ArrayList<>();
        for (List<InterceptorChange> level : levels) {
            List<InterceptorChange> added = new ArrayList<>();
            for (InterceptorChange change : level) {
                if (!replace(present, change) && !replace(added, change) && change.interceptor() != null) {
                    added.add(change);
                }
            }
            added.sort(BY_PLACE);
            present.addAll(added);
        }
        return compiled(present);
    }

    private static InterceptorChain compiled(List<InterceptorChange> present) {
        List<Interceptor> handlers = new ArrayList<>();
        List<Interceptor> refusals = new ArrayList<>();
        List<TypedErrorHook<?>> hooks = new ArrayList<>();
        AccessRule access = null;
        List<Interceptor> descriptions = new ArrayList<>();
        boolean limitsInFlight = false;
        boolean bindsContext = false;
        boolean isLogged = false;
        boolean isMeasured = false;
        boolean hasDeadline = false;
        for (InterceptorChange change : present) {
            switch (change.interceptor()) {
                case null -> {}
                case BuiltInInterceptor builtIn -> {
                    switch (builtIn) {
                        case IN_FLIGHT_LIMIT -> limitsInFlight = true;
                        case REQUEST_CONTEXT -> bindsContext = true;
                        case ACCESS_LOG -> isLogged = true;
                        case METRICS -> isMeasured = true;
                        case DEADLINE -> hasDeadline = true;
                    }
                }
                case TypedErrorHook<?> hook -> hooks.addFirst(hook);
                case DescribingInterceptor description -> descriptions.add(description);
                case Interceptor other -> {
                    handlers.add(other);
                    if (other instanceof AccessRule rule && change.name().equals(StandardInterceptors.AUTHORIZATION)) {
                        access = rule;
                    }
                    int rank = rank(change.name());
                    if (rank < FIRST_THAT_ACCEPTS || rank == StandardInterceptors.ORDER.size()) {
                        refusals.add(other);
                    }
                }
            }
        }
        return new InterceptorChain(
                List.copyOf(handlers),
                List.copyOf(refusals),
                List.copyOf(hooks),
                access,
                List.copyOf(descriptions),
                limitsInFlight,
                bindsContext,
                isLogged,
                isMeasured,
                hasDeadline);
    }

    /** Replaces or removes the interceptor of that name; returns whether there is one. */
    private static boolean replace(List<InterceptorChange> present, InterceptorChange change) {
        for (int i = 0; i < present.size(); i++) {
            if (!change.name().isEmpty() && present.get(i).name().equals(change.name())) {
                if (change.interceptor() == null) {
                    present.remove(i);
                } else {
                    present.set(i, change);
                }
                return true;
            }
        }
        return false;
    }

    private static int rank(String name) {
        int rank = StandardInterceptors.ORDER.indexOf(name);
        return rank < 0 ? StandardInterceptors.ORDER.size() : rank;
    }

    /** Whether an interceptor answers preflight requests. */
    public boolean answersPreflight() {
        return handlers.stream().anyMatch(CorsInterceptor.class::isInstance);
    }

    /** The rules for pages of other origins; null if there are none. */
    @Nullable
    public CorsConfig cors() {
        for (Interceptor interceptor : handlers) {
            if (interceptor instanceof CorsInterceptor cors) {
                return cors.config();
            }
        }
        return null;
    }

    /** Whether an interceptor may block for {@code request}; one that fails to tell may. */
    public boolean mayBlock(Request request) {
        for (Interceptor interceptor : handlers) {
            try {
                if (interceptor.mayBlock(request)) {
                    return true;
                }
            } catch (Throwable unknown) {
                UserCode.rethrowIfFatal(unknown);
                return true;
            }
        }
        return false;
    }

    /** The built-in interceptors of this chain alone. */
    public InterceptorChain withoutHandlers() {
        return new InterceptorChain(
                List.of(),
                List.of(),
                List.of(),
                access,
                List.of(),
                limitsInFlight,
                bindsContext,
                isLogged,
                isMeasured,
                hasDeadline);
    }

    /** The handler inside its interceptors. */
    public HttpHandler around(HttpHandler handler) {
        return wrap(handler, handlers);
    }

    /** A handler that refuses, inside the interceptors of refusals. */
    public HttpHandler refusing(HttpException refusal) {
        HttpHandler refuses = (_, _) -> {
            throw refusal;
        };
        return wrap(refuses, refusals);
    }

    /** Whether code of the user runs around a refusal of the server. */
    public boolean surroundsRefusals() {
        return !refusals.isEmpty() || !hooks.isEmpty();
    }

    /** Whether code of the user runs around what no route answers. */
    public boolean surroundsAnswers() {
        return !handlers.isEmpty() || !hooks.isEmpty();
    }

    private HttpHandler wrap(HttpHandler handler, List<Interceptor> interceptors) {
        HttpHandler wrapped = handler;
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            Interceptor interceptor = interceptors.get(i);
            HttpHandler next = recordingFailures(wrapped, hooks);
            wrapped = (request, response) -> interceptor.intercept(request, response, next);
        }
        return wrapped;
    }

    /** Sets the status that a failure leads to before it passes through an interceptor. */
    private static HttpHandler recordingFailures(HttpHandler handler, List<TypedErrorHook<?>> hooks) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (Throwable failure) {
                UserCode.rethrowIfFatal(failure);
                if (response instanceof InterceptedResponse ours) {
                    ours.failing(request, failure, hooks);
                }
                throw failure;
            }
            if (response instanceof InterceptedResponse ours && !ours.isAnswered()) {
                ours.missing();
            }
        };
    }
}
