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
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * The connection of the health check, which stays open between checks, so that a full pool does not make Redis look absent. Thread-safe;
 * checks exclude each other.
 */
final class RedisProbe {
    private static final Pattern VERSION = Pattern.compile("(?m)^(?:valkey|redis)_version:(\\S+)");
    private static final Pattern CLUSTER_STATE = Pattern.compile("(?m)^cluster_state:(\\S+)");

    private final ServerNodes nodes;
    private final boolean isCluster;
    private final Duration timeout;
    private final ReentrantLock checking = new ReentrantLock();
    private volatile @Nullable Connection connection;
    private String target = "";
    private String version = "";
    private volatile boolean isClosed;

    RedisProbe(ServerNodes nodes, RedisConfig config) {
        this.nodes = nodes;
        this.isCluster = config.mode() == RedisConfig.Mode.CLUSTER;
        this.timeout = config.healthTimeout();
    }

    /**
     * Makes a round trip.
     *
     * @return the version of the server
     * @throws JedisException if there is no answer, or the cluster cannot serve
     */
    String check() throws InterruptedException {
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
                connect(now);
            }
            return version;
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

    private void connect(String now) throws InterruptedException {
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
            connect(nodes.target());
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
