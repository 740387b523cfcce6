package io.lynx.redis;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.lynx.plugin.external.ExternalSystemConfig;
import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.HostAndPort;

/**
 * A Redis: the section {@code lynx.redis}, or {@code lynx.redis.<name>} for one with a name. Immutable.
 *
 * @param mode how the servers are arranged
 * @param nodes the addresses of the server, of the sentinels, or of some nodes of the cluster
 * @param master the name of the master that the sentinels watch
 * @param database the number of the database
 * @param user of the server
 * @param password of the user
 * @param sentinelUser of the sentinels
 * @param sentinelPassword of that user
 * @param keyPrefix what every key begins with
 * @param poolSize the most connections in use
 * @param maxWait for a connection while all are in use
 * @param connectTimeout to open a connection
 * @param commandTimeout to wait for an answer
 * @param startup what happens at the start while Redis cannot be reached
 * @param healthTimeout of the check, and of each attempt to connect at the start
 * @param tls files for TLS
 */
public record RedisConfig(
        @Doc("How the servers are arranged: single, sentinel or cluster.") @Default("single")
        Mode mode,

        @Doc("Addresses (host:port) of the server, of the sentinels, or of some nodes of the cluster.")
        List<String> nodes,

        @Doc("Name of the master that the sentinels watch; for mode sentinel.") @Default("")
        String master,

        @Doc("Number of the database; a cluster has only 0.") @Default("0") @Range(min = "0", max = "16384")
        int database,

        @Doc("User of the server; the default user if not set.") @Default("")
        String user,

        @Doc("Password of the user; a reload puts another one in force.") @Default("") @Secret
        String password,

        @Doc("User of the sentinels; the default user if not set.") @Default("")
        String sentinelUser,

        @Doc("Password of that user.") @Default("") @Secret String sentinelPassword,

        @Doc("What every key and channel begins with, so that several services can share a server.") @Default("")
        String keyPrefix,

        @Doc("The most connections in use; the health check and each subscription have one more.")
        @Default("16")
        @Range(min = "1", max = "1000")
        int poolSize,

        @Doc("How long a caller waits for a connection while all are in use.")
        @Default("1s")
        @Range(min = "0s", max = "5m")
        Duration maxWait,

        @Doc("How long opening a connection may take.") @Default("1s") @Range(min = "50ms", max = "5m")
        Duration connectTimeout,

        @Doc(
                "How long an answer may take, except that of a blocking command; an earlier deadline of the request counts.")
        @Default("1s")
        @Range(min = "10ms", max = "5m")
        Duration commandTimeout,

        @Doc("While Redis cannot be reached: require (the start waits, then fails) or degrade (it starts without).")
        @Default("require")
        StartupMode startup,

        @Doc("Time limit of the health check, and of each attempt to connect at the start.")
        @Default("2s")
        @Range(min = "100ms", max = "1m")
        Duration healthTimeout,

        @Doc("TLS.") TlsConfig tls)
        implements ExternalSystemConfig {
    /** How the servers are arranged. */
    public enum Mode {
        /** One server. */
        SINGLE,
        /** A master with replicas, which sentinels watch and replace. */
        SENTINEL,
        /** A cluster, whose nodes share the keys. */
        CLUSTER
    }

    private static final int LARGEST_PORT = 65_535;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if an address is malformed, or the keys do not fit the mode
     */
    public RedisConfig {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes: is empty; write one address, such as redis.example.com:6379");
        }
        nodes.forEach(RedisConfig::parse);
        switch (mode) {
            case SINGLE -> {
                if (nodes.size() > 1) {
                    throw new IllegalArgumentException("nodes: has " + nodes.size()
                            + " addresses; mode single has one, or set mode to sentinel or cluster");
                }
            }
            case SENTINEL -> {
                if (master.isEmpty()) {
                    throw new IllegalArgumentException(
                            "master: is not set; mode sentinel needs the name of the master");
                }
            }
            case CLUSTER -> {
                if (database != 0) {
                    throw new IllegalArgumentException("database: is " + database + "; a cluster has only 0");
                }
            }
        }
        if (mode != Mode.SENTINEL && !master.isEmpty()) {
            throw new IllegalArgumentException(
                    "master: is set, but mode is not sentinel; remove it or set mode: sentinel");
        }
        if (!user.isEmpty() && password.isEmpty()) {
            throw new IllegalArgumentException("password: is not set, but user is; set both or none");
        }
    }

    private static HostAndPort parse(String node) {
        int colon = node.lastIndexOf(':');
        String host = colon < 0 ? "" : node.substring(0, colon);
        String port = node.substring(colon + 1);
        if (host.isEmpty()
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) < 1
                || Integer.parseInt(port) > LARGEST_PORT
                || host.contains("/")
                || host.contains("@")) {
            throw new IllegalArgumentException(
                    "nodes: '" + node + "' is not an address; write host:port, such as redis.example.com:6379");
        }
        return new HostAndPort(host, Integer.parseInt(port));
    }

    /** Returns the addresses, in their order. */
    Set<HostAndPort> addresses() {
        Set<HostAndPort> all = new LinkedHashSet<>();
        nodes.forEach(node -> all.add(parse(node)));
        return all;
    }

    /** Returns where Redis is, such as {@code redis://redis.example.com:6379/0}, without credentials. */
    String address() {
        String all = String.join(",", nodes);
        return switch (mode) {
            case SINGLE -> "redis://" + all + "/" + database;
            case SENTINEL -> "redis-sentinel://" + all + "/" + database + "#" + master;
            case CLUSTER -> "redis-cluster://" + all;
        };
    }
}
