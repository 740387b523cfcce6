package io.lynx.redis;

import io.lynx.resilience.CallRejectedException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Distinguishes failures of Redis by their types and the words that its error answers begin with. Stateless. */
final class RedisFailures {
    private static final String FULL = "ERR max number of clients";

    /** Answers of a server that cannot serve now: it loads its data, has lost its master or cluster, runs a script, or is full. */
    private static final List<String> UNAVAILABLE = List.of("LOADING", "MASTERDOWN", "CLUSTERDOWN", "BUSY ", FULL);

    private static final String READ_ONLY = "READONLY";

    /** Answers of a server that only reads: it is a replica, cannot save its data, or has too little memory or too few replicas. */
    private static final List<String> REFUSED_WRITES = List.of(READ_ONLY, "MISCONF", "OOM", "NOREPLICAS");

    private RedisFailures() {}

    /**
     * Returns whether Redis could not be reached, did not answer, or cannot serve now. A server that refuses writes still reads, so that
     * the circuit breaker must not open for that.
     */
    static boolean isOutage(Throwable failure) {
        return switch (failure) {
            case CommandCancelledException _, ConnectionsExhaustedException _, RedisUnavailableException _ -> false;
            case RedisOutageException outage -> outage.getCause() == null || !isRefusedWrite(outage.getCause());
            case JedisConnectionException _, JedisClusterOperationException _, TimeoutException _ -> true;
            case JedisClusterException _ -> true;
            case JedisDataException answer -> isAnswer(answer, UNAVAILABLE);
            default -> false;
        };
    }

    /** Returns whether Redis answers and only refuses to write, for a reason that concerns every write. */
    static boolean isRefusedWrite(Throwable failure) {
        return failure instanceof JedisDataException answer && isAnswer(answer, REFUSED_WRITES);
    }

    /** Returns whether Redis refused a connection since it has too many. */
    static boolean isFull(Throwable failure) {
        return failure instanceof JedisDataException answer && isAnswer(answer, List.of(FULL));
    }

    /** Returns what a caller receives for a failure: an outage, also one of writes alone, is one that the framework classifies. */
    static JedisException explain(JedisException failure) {
        return failure instanceof RedisOutageException || !(isOutage(failure) || isRefusedWrite(failure))
                ? failure
                : new RedisOutageException(failure.getMessage(), failure);
    }

    /** Before Redis 7, the answer to a command of a script is within that of the script. */
    private static boolean isAnswer(JedisDataException failure, List<String> beginnings) {
        String answer = failure.getMessage();
        return answer != null
                && beginnings.stream()
                        .anyMatch(word -> answer.startsWith(word)
                                || (answer.startsWith("ERR Error running script") && answer.contains("-" + word)));
    }

    /** Returns whether connections that are open may be of no use: they broke, or lead to a server that is no master any more. */
    static boolean isConnectionSuspect(Throwable failure) {
        return (isOutage(failure) && !isTimeout(failure))
                || (failure instanceof JedisDataException answer && isAnswer(answer, List.of(READ_ONLY)));
    }

    /** Returns whether a command was sent and its answer was not waited for, so that Redis may have executed it or will. */
    static boolean isUnanswered(Throwable failure) {
        return failure.getCause() != null
                && (failure instanceof CommandCancelledException
                        || (failure instanceof RedisOutageException && isTimeout(failure)));
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
            case RedisOutageException outage -> isTimeout(outage) ? "timeout" : "unavailable";
            default ->
                isTimeout(failure)
                        ? "timeout"
                        : isOutage(failure) || isRefusedWrite(failure) ? "unavailable" : "answer";
        };
    }
}
