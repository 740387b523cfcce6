package io.lynx.http;

import io.lynx.context.RequestContext;
import io.lynx.extension.ExtensionPoint;
import io.lynx.http.engine.interceptor.LimitKeys;
import io.lynx.security.Principal;

/** Tells whose requests a limit counts together. Must be thread-safe and must not block. */
@ExtensionPoint(thread = "the handler's thread", deadline = "that of the handler")
@FunctionalInterface
public interface LimitKey {
    /** Returns the key of {@code request}: requests with equal keys share one limit. */
    String of(Request request);

    /**
     * Returns the key by which each client has a limit of its own: its address, as far as trusted proxies tell. The addresses of an IPv6
     * network of 64 bits share a limit, since one client has all of them.
     */
    static LimitKey address() {
        return LimitKeys::address;
    }

    /** Returns the key by which each principal has a limit of its own; requests that are not authenticated are counted by address. */
    static LimitKey principal() {
        return request -> RequestContext.current()
                .principal()
                .map(Principal::name)
                .map(name -> "principal " + LimitKeys.bounded(name))
                .orElseGet(() -> LimitKeys.address(request));
    }

    /**
     * Returns the key by which each value of a header has a limit of its own; requests without it are counted by address. A client chooses
     * what it sends: where nothing has checked the value, it begins anew with each other one, so set a limit by address as well.
     */
    static LimitKey header(String name) {
        return request -> request.header(name)
                .map(value -> "header " + LimitKeys.bounded(value))
                .orElseGet(() -> LimitKeys.address(request));
    }

    /** Returns the key by which all requests share one limit. */
    static LimitKey shared() {
        return _ -> "";
    }
}
