package io.lynx.redis;

import io.lynx.resilience.CallRejectedException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Distinguishes failures of Redis by their types and the words that its error answers begin with. Stateless. */
final class RedisFailures {
    /** Answers of a server that cannot serve now: it loads its data, has lost its master or cluster, or is full. */
    private static final List<String> UNAVAILABLE =
            List.of("LOADING", "MASTERDOWN", "CLUSTERDOWN", "READONLY", "ERR max number of clients");

    private RedisFailures() {}

    /** Returns whether Redis could not be reached, did not answer, or cannot serve now. */
    static boolean isOutage(Throwable failure) {
        return switch (failure) {
            case CommandCancelledException _, ConnectionsExhaustedException _, RedisUnavailableException _ -> false;
            case JedisConnectionException _, JedisClusterOperationException _, TimeoutException _ -> true;
            case JedisClusterException _ -> true;
            case JedisDataException answer -> isUnavailable(answer.getMessage());
            default -> false;
        };
    }

    /** Returns what a caller receives for a failure: an outage is one that the framework classifies. */
    static JedisException explain(JedisException failure) {
        return failure instanceof RedisOutageException || !isOutage(failure)
                ? failure
                : new RedisOutageException(failure.getMessage(), failure);
    }

    private static boolean isUnavailable(@Nullable String answer) {
        return answer != null && UNAVAILABLE.stream().anyMatch(answer::startsWith);
    }

    /** Returns whether connections that are open may be of no use: they broke, or lead to a server that is no master any more. */
    static boolean isConnectionSuspect(Throwable failure) {
        return isOutage(failure) && !isTimeout(failure);
    }

    private static boolean isTimeout(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Returns the type of a failure as a label of metrics: one of a few words. */
    static String label(Throwable failure) {
        return switch (failure) {
            case CommandCancelledException _ -> "cancelled";
            case ConnectionsExhaustedException _ -> "exhausted";
            case RedisUnavailableException refused ->
                refused.getCause() instanceof CallRejectedException ? "refused" : "unavailable";
            default -> isTimeout(failure) ? "timeout" : isOutage(failure) ? "unavailable" : "answer";
        };
    }
}
