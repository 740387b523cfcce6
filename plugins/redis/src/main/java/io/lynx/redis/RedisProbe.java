package io.lynx.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * The connection of the health check, which stays open between checks, so that a full pool does not make Redis look absent. Thread-safe;
 * checks exclude each other.
 */
final class RedisProbe {
    private static final Pattern VERSION = Pattern.compile("(?m)^(?:valkey|redis)_version:(\\S+)");
    private static final Pattern CLUSTER_STATE = Pattern.compile("(?m)^cluster_state:(\\S+)");

    private static final String WRITTEN = "lynx:health";
    private static final String WRITTEN_MILLIS = "1000";

    private final ServerNodes nodes;
    private final ServerRefusals refusals;
    private final boolean isCluster;
    private final String written;
    private final Duration timeout;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private String target = "";
    private String version = "";
    private volatile boolean isClosed;

    /**
     * What the server answered.
     *
     * @param version of the server
     * @param refusal what it refuses although it answers; null if that is nothing
     */
    record Answer(String version, @Nullable String refusal) {}

    RedisProbe(ServerNodes nodes, RedisConfig config, ServerRefusals refusals) {
        this.nodes = nodes;
        this.refusals = refusals;
        this.isCluster = config.mode() == RedisConfig.Mode.CLUSTER;
        this.written = config.keyPrefix() + WRITTEN;
        this.timeout = config.healthTimeout();
    }

    /**
     * Makes a round trip. If Redis has refused writes or connections, it also checks whether it still does.
     *
     * @throws JedisException if there is no answer, or the cluster cannot serve
     */
    Answer check() throws InterruptedException {
        checking.lockInterruptibly();
        try {
            String now = nodes.target();
            Connection known = connection;
            if (known != null && (!now.equals(target) || !answers(known))) {
                // It broke at some time since the last check; what counts is whether there can be another one.
                drop();
                known = null;
            }
            if (known == null) {
                known = connect(now);
            }
            return new Answer(version, refusal(known));
        } catch (JedisException failure) {
            drop();
            throw RedisFailures.explain(failure);
        } finally {
            checking.unlock();
        }
    }

    private boolean answers(Connection known) {
        try {
            boolean _ = known.ping();
            requireCluster(known);
            return true;
        } catch (JedisConnectionException broken) {
            return false;
        } catch (JedisDataException refused) {
            // A server that cannot save its data refuses a ping too.
            if (!RedisFailures.isRefusedWrite(refused)) {
                throw refused;
            }
            refusals.note(refused);
            return true;
        }
    }

    /** Returns what the server still refuses. Which node of a cluster does is not known: there, each refusal is reported once. */
    private @Nullable String refusal(Connection known) throws InterruptedException {
        JedisException noted = refusals.last();
        if (noted == null) {
            return null;
        }
        refusals.isOver(noted);
        if (!isCluster) {
            noted = RedisFailures.isFull(noted) ? refusedConnection() : refusedWrite(known);
            if (noted == null) {
                return null;
            }
            refusals.note(noted);
        }
        return (RedisFailures.isFull(noted) ? "refuses connections: " : "refuses writes: ") + noted.getMessage();
    }

    private @Nullable JedisException refusedConnection() throws InterruptedException {
        if (nodes.idle() > 0) {
            return null; // Calls find a connection.
        }
        try (Connection _ = nodes.connect(timeout)) {
            return null;
        } catch (JedisException refused) {
            return RedisFailures.isFull(refused) ? refused : null;
        }
    }

    /** Writes a key that expires, which is done only after a write was refused. */
    private @Nullable JedisException refusedWrite(Connection known) {
        try {
            known.sendCommand(Protocol.Command.SET, written, "1", "PX", WRITTEN_MILLIS);
            String _ = known.getStatusCodeReply();
            return null;
        } catch (JedisDataException refused) {
            return RedisFailures.isRefusedWrite(refused) ? refused : null;
        }
    }

    private void requireCluster(Connection known) {
        if (isCluster) {
            String state = find(CLUSTER_STATE, info(known, Protocol.Command.CLUSTER, "INFO"));
            if (!state.equals("ok")) {
                throw new JedisClusterOperationException("cluster_state is '" + state + "'; some keys have no node");
            }
        }
    }

    private Connection connect(String now) throws InterruptedException {
        Connection opened = nodes.connect(timeout);
        try {
            version = find(VERSION, info(opened, Protocol.Command.INFO, "server"));
            requireCluster(opened);
        } catch (JedisException failure) {
            opened.close();
            throw failure;
        }
        connection = opened;
        target = now;
        if (isClosed) {
            drop();
            throw new JedisConnectionException("is closed");
        }
        return opened;
    }

    private static String info(Connection known, Protocol.Command command, String section) {
        known.sendCommand(command, section);
        return SafeEncoder.encode(known.getBinaryBulkReply());
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /** Replaces the connection now. */
    void renew() throws InterruptedException {
        checking.lockInterruptibly();
        try {
            Connection before = connection;
            Connection _ = connect(nodes.target());
            close(before);
        } finally {
            checking.unlock();
        }
    }

    private void drop() {
        Connection known = connection;
        connection = null;
        close(known);
    }

    private static void close(@Nullable Connection old) {
        if (old != null) {
            try {
                old.forceDisconnect();
            } catch (IOException alreadyBroken) {
                // There is nothing to keep.
            }
        }
    }

    /** Closes it permanently, without waiting for a check that hangs. */
    void close() {
        isClosed = true;
        drop();
    }
}
