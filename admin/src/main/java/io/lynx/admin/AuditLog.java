package io.lynx.admin;

import io.lynx.http.Request;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the log {@code lynx.audit}: each change with its target, its peer and its outcome. */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("lynx.audit");

    private AuditLog() {}

    /**
     * Returns a consumer of the outcome of a change, which writes the line. It can be called after the request has
     * ended.
     */
    static Consumer<String> line(String action, String target, Request request) {
        String peer = request.remoteAddress().getHostString();
        String requestId = request.id();
        return outcome -> LOG.atInfo()
                .addKeyValue("action", action)
                .addKeyValue("target", target)
                .addKeyValue("outcome", outcome)
                .addKeyValue("peer", peer)
                .addKeyValue("request_id", requestId)
                .log("Admin change: {} of {} {}", action, target, outcome);
    }
}
