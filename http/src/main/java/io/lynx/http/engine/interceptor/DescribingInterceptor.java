package io.lynx.http.engine.interceptor;

import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteDescription;
import java.util.function.Consumer;

/**
 * A description of routes. It has its place among the interceptors of its group, but does nothing there: an {@link InterceptorChain} keeps
 * it apart. Immutable.
 */
public final class DescribingInterceptor implements Interceptor {
    private final Consumer<? super RouteDescription> description;

    /** Fills in the description of the routes that it surrounds. */
    public DescribingInterceptor(Consumer<? super RouteDescription> description) {
        this.description = description;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        next.handle(request, response);
    }

    @Override
    public void describe(RouteDescription route) {
        description.accept(route);
    }
}
