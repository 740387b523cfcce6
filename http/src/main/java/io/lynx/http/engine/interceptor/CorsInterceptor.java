package io.lynx.http.engine.interceptor;

import io.lynx.http.CorsConfig;
import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.engine.head.HeaderText;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers which pages of other origins may use the routes inside (Fetch, 3.2): it answers preflight requests, and adds headers to
 * all other answers. It refuses no other request: a browser withholds the answer from a page that is not allowed. Immutable.
 */
public final class CorsInterceptor implements Interceptor {
    public static final String REQUEST_METHOD = "access-control-request-method";
    private static final String REQUEST_HEADERS = "access-control-request-headers";

    private final CorsConfig config;
    private final boolean isForAll;
    private final Set<String> origins;
    private final boolean takesAllHeaders;
    private final Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final String methodList;
    private final String exposedList;
    private final String maxAge;

    /** An interceptor that follows {@code config}. */
    public CorsInterceptor(CorsConfig config) {
        this.config = config;
        this.isForAll = config.allowedOrigins().contains(CorsConfig.ANY);
        this.origins = Set.copyOf(config.allowedOrigins());
        this.takesAllHeaders = config.allowedHeaders().contains(CorsConfig.ANY);
        this.headers.addAll(config.allowedHeaders());
        this.methodList = String.join(", ", config.allowedMethods());
        this.exposedList = String.join(", ", config.exposedHeaders());
        this.maxAge = Long.toString(config.maxAge().toSeconds());
    }

    CorsConfig config() {
        return config;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        if (!isForAll) {
            InterceptedResponse.vary(response, "Origin");
        }
        List<String> sent = request.headers("origin");
        if (!sent.isEmpty() && isPreflight(request.method(), request.headers(REQUEST_METHOD))) {
            preflight(request, response, allowed(sent));
            return;
        }
        String allowed = allowed(sent);
        if (allowed != null) {
            allow(response, allowed);
            if (!exposedList.isEmpty()) {
                response.header("Access-Control-Expose-Headers", exposedList);
            }
        }
        next.handle(request, response);
    }

    /** Whether a request is one by which a browser asks for permission. */
    public static boolean isPreflight(String method, List<String> requestedMethods) {
        return method.equals("OPTIONS") && !requestedMethods.isEmpty();
    }

    /** The value that allows the origin of a request; null if it is not allowed, or there is none. */
    private @Nullable String allowed(List<String> sent) {
        if (sent.size() != 1) {
            return null;
        }
        return isForAll ? CorsConfig.ANY : origins.contains(sent.getFirst()) ? sent.getFirst() : null;
    }

    private void allow(Response response, String origin) {
        response.header("Access-Control-Allow-Origin", origin);
        if (config.credentialsAllowed()) {
            response.header("Access-Control-Allow-Credentials", "true");
        }
    }

    private void preflight(Request request, Response response, @Nullable String origin) {
        InterceptedResponse.vary(response, "Access-Control-Request-Method");
        InterceptedResponse.vary(response, "Access-Control-Request-Headers");
        if (origin == null) {
            throw refused("this origin");
        }
        List<String> methods = request.headers(REQUEST_METHOD);
        if (methods.size() != 1 || !config.allowedMethods().contains(methods.getFirst())) {
            throw refused("this method");
        }
        String requested = String.join(",", request.headers(REQUEST_HEADERS));
        if (!areAllowed(requested)) {
            throw refused("one of these headers");
        }
        allow(response, origin);
        response.header("Access-Control-Allow-Methods", methodList);
        if (!requested.isBlank()) {
            response.header("Access-Control-Allow-Headers", requested.toLowerCase(Locale.ROOT));
        }
        response.header("Access-Control-Max-Age", maxAge).noContent();
    }

    private boolean areAllowed(String requested) {
        for (String name : requested.split(",")) {
            String header = name.strip();
            boolean isAllowed = takesAllHeaders ? HeaderText.isToken(header) : headers.contains(header);
            if (!header.isEmpty() && !isAllowed) {
                return false;
            }
        }
        return true;
    }

    private static HttpException refused(String what) {
        return new HttpException(403, "cross-origin requests with " + what + " are not allowed");
    }
}
