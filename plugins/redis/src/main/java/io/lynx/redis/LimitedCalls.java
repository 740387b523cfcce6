package io.lynx.redis;

import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Makes calls on connections and ends them at the deadline of the request. A call is ended by closing its connection, which Redis notices:
 * a blocking command ends at the server too. Thread-safe.
 */
final class LimitedCalls {
    private final Set<Connection> current = ConcurrentHashMap.newKeySet();

    /** Notes that a connection is in use. */
    void begin(Connection connection) {
        boolean _ = current.add(connection);
    }

    /** Notes that it is not any more. */
    void end(Connection connection) {
        boolean _ = current.remove(connection);
    }

    /**
     * Sends a command and waits for the answer.
     *
     * @throws CommandCancelledException if the request ends before
     */
    <T> T execute(Connection connection, CommandObject<T> command) {
        begin(connection);
        try {
            RequestContext request = RequestContext.current();
            Deadline deadline = request.deadline().orElse(null);
            if (command.getArguments().isBlocking()) {
                return block(connection, command, request, deadline);
            }
            if (deadline == null || millis(deadline) >= connection.getSoTimeout()) {
                return connection.executeCommand(command);
            }
            return limited(connection, command, deadline);
        } finally {
            end(connection);
        }
    }

    /**
     * Returns the rest of the time for a socket, at least one millisecond. It is rounded up: a read that ends before the deadline would
     * look like a failure of Redis.
     */
    static int millis(Deadline deadline) {
        return Math.clamp(Math.ceilDiv(deadline.remainingNanos(), 1_000_000L), 1, Integer.MAX_VALUE);
    }

    private static <T> T limited(Connection connection, CommandObject<T> command, Deadline deadline) {
        int before = connection.getSoTimeout();
        connection.setSoTimeout(millis(deadline));
        try {
            return connection.executeCommand(command);
        } catch (JedisConnectionException failure) {
            throw deadline.isExpired() ? cancelled(command, failure) : failure;
        } finally {
            restore(connection, before);
        }
    }

    /** Waits as long as the request lasts, or as the command says if there is none. */
    private static <T> T block(
            Connection connection, CommandObject<T> command, RequestContext request, @Nullable Deadline deadline) {
        int before = connection.getSoTimeout();
        connection.setSoTimeout(deadline == null ? 0 : millis(deadline));
        AtomicBoolean isOver = new AtomicBoolean();
        Runnable cut = () -> {
            if (isOver.compareAndSet(false, true)) {
                disconnect(connection);
            }
        };
        try (Registration _ = request.onCancel(cut)) {
            return command.getBuilder().build(connection.executeCommand(command.getArguments()));
        } catch (JedisConnectionException failure) {
            throw request.isCancelled() ? cancelled(command, failure) : failure;
        } finally {
            if (!isOver.compareAndSet(false, true)) {
                // It is closed now or in a moment, and must not serve another call then.
                connection.setBroken();
            }
            restore(connection, before);
        }
    }

    private static CommandCancelledException cancelled(CommandObject<?> command, JedisConnectionException failure) {
        return new CommandCancelledException(CommandSeries.name(command.getArguments()), failure);
    }

    private static void restore(Connection connection, int timeout) {
        if (!connection.isBroken()) {
            connection.setSoTimeout(timeout);
        }
    }

    /** Ends every call in progress. */
    void cutOff() {
        current.forEach(LimitedCalls::disconnect);
    }

    private static void disconnect(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        }
    }
}
