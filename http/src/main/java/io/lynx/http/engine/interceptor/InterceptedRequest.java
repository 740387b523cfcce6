package io.lynx.http.engine.interceptor;

import io.lynx.http.Request;

/** The request of the server, with what its own interceptors need besides the API. An interceptor of the user may pass on another one. */
public interface InterceptedRequest extends Request {
    /** The request target as the client sent it. */
    String target();
}
