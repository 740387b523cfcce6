package io.lynx.admin;

import io.lynx.http.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads who makes a request. */
final class Callers {
    private Callers() {}

    static Caller of(Request request) {
        return Caller.of(request.remoteAddress().getHostString(), host(request), request::headers);
    }

    private static @Nullable String host(Request request) {
        List<String> hosts = request.headers("host");
        return hosts.size() == 1 ? hosts.getFirst() : null;
    }
}
