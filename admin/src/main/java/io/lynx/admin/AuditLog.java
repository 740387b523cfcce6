package io.lynx.admin;

import io.lynx.http.Request;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log {@code lynx.audit}: which change was made, to what, by which peer, and its outcome. */
final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger("lynx.audit");

    private AuditLog() {}

    /** Returns what writes the line of a change once its outcome is known; it does not need the request any more. */
    static Consumer<String> line(String action, String target, Request request) {
        String peer = request.remoteAddress().getHostString();
        String requestId = request.id();
        return outcome -> LOG.atInfo()
                .addKeyValue("action", action)
                .addKeyValue("target", target)
                .addKeyValue("outcome", outcome)
                .addKeyValue("peer", peer)
                .addKeyValue("request_id", requestId)
                .log("admin: {} of {} {}", action, target, outcome);
    }
}
