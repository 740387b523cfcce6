package io.lynx.admin;

import io.lynx.http.Request;

/** Reads who makes a request. */
final class Callers {
    private Callers() {}

    static Caller of(Request request) {
        return Caller.of(
                request.remoteAddress().getHostString(), request.authority().orElse(null), request::headers);
    }
}
