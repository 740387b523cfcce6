package io.lynx.http.engine.interceptor;

import io.lynx.http.Request;
import io.lynx.http.Response;
import java.util.List;

/** The response of the server, with what its own interceptors need besides the API. An interceptor of the user may pass on another one. */
public interface InterceptedResponse extends Response {
    /** Tells caches that the answer depends on a header of its request, whatever its handler says about it. */
    void vary(String header);

    /** Tells caches that {@code response} depends on a header of its request, whatever else its handler says about it. */
    static void vary(Response response, String header) {
        if (response instanceof InterceptedResponse ours) {
            ours.vary(header);
        } else {
            response.addHeader("Vary", header);
        }
    }

    /** A failure passes through the interceptors. Unless one of them answers, its status is what it leads to. */
    void failing(Request request, Throwable failure, List<TypedErrorHook<?>> hooks);

    /** The handler has returned without an answer, which becomes a 500 unless an interceptor answers. */
    void missing();

    /** Whether the handler has set a status or sent an answer. */
    boolean isAnswered();
}
