package io.lynx.http.engine.interceptor;

import io.lynx.http.ErrorHook;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;

/**
 * An error hook with the type of the exceptions that it answers. It has its place among the interceptors of its group, but does
 * nothing there: an {@link InterceptorChain} keeps it apart. Immutable.
 */
public final class TypedErrorHook<E extends Throwable> implements Interceptor {
    private final Class<E> type;
    private final ErrorHook<? super E> hook;

    /** A hook for exceptions of {@code type}. */
    public TypedErrorHook(Class<E> type, ErrorHook<? super E> hook) {
        this.type = type;
        this.hook = hook;
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        next.handle(request, response);
    }

    /** How specific its type is: the number of types above it. */
    int depth() {
        int depth = 0;
        for (Class<?> above = type.getSuperclass(); above != null; above = above.getSuperclass()) {
            depth++;
        }
        return depth;
    }

    public boolean accepts(Throwable failure) {
        return type.isInstance(failure);
    }

    public void answer(Request request, Response response, Throwable failure) throws Exception {
        hook.answer(request, response, type.cast(failure));
    }
}
