package io.lynx.http;

import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.resilience.CallRejectedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records what handlers throw and the server answers with 5xx as errors of the plugins that own the routes. The method,
 * the route's template and the request's id are told, never the path or the query, which are the client's. Thread-safe.
 */
final class FailureReporter {
    static final FailureReporter NONE = new FailureReporter("", null);

    private final String server;
    private final @Nullable ErrorRecoveryManager recovery;

    /**
     * A reporter.
     *
     * @param server the id of the plugin that owns the server's own routes
     * @param recovery records; null if nobody does
     */
    FailureReporter(String server, @Nullable ErrorRecoveryManager recovery) {
        this.server = server;
        this.recovery = recovery;
    }

    /** Tells of a request that failed; one that no route answers is not the service's doing. */
    void report(@Nullable Route route, String method, String requestId, Throwable thrown) {
        if (recovery == null || route == null || thrown instanceof ServerRoutes.AbsentException) {
            return;
        }
        Throwable failure = thrown instanceof HttpException && thrown.getCause() != null ? thrown.getCause() : thrown;
        recovery.recordError(ErrorReport.builder(route.owner().isEmpty() ? server : route.owner())
                .origin(ErrorOrigin.request())
                .throwable(failure)
                .context(Map.of(
                        "method", method,
                        "route", route.template().text(),
                        "request_id", requestId))
                .build());
    }

    /** Whether it is worth a line in the log: neither a handler's own answer nor the refusal by a policy of ours. */
    static boolean isUnexpected(Throwable thrown) {
        return switch (Problem.unwrapped(thrown)) {
            case CallRejectedException _ -> false;
            case HttpException answer -> answer.getCause() != null && isUnexpected(answer.getCause());
            default -> true;
        };
    }
}
