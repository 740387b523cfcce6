package io.lynx.redis;

import io.lynx.plugin.external.TlsConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.util.Delay;
import redis.clients.jedis.util.Pool;
import redis.clients.jedis.util.PrefixedKeyArgumentPreProcessor;

/**
 * The servers of one Redis and the pools of connections to them. The pools are made at the first {@link #open}, since those of sentinels
 * and clusters connect when they are made. Thread-safe.
 */
final class ServerNodes {
    private static final Duration RESUBSCRIBE = Duration.ofSeconds(1);

    private final RedisConfig config;
    private final String clientName;
    private final @Nullable RedisTls tls;
    private final JedisClientConfig client;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile RedisCredentials credentials;
    private volatile @Nullable ConnectionProvider provider;
    private volatile boolean isClosed;

    /** Connects to nothing. */
    ServerNodes(RedisConfig config, String clientName) {
        this.config = config;
        this.clientName = clientName;
        this.credentials = credentials(config.user(), config.password());
        TlsConfig files = config.tls();
        this.tls = files.enabled() ? new RedisTls(files) : null;
        this.client = client(config.commandTimeout());
    }

    private static RedisCredentials credentials(String user, String password) {
        return new DefaultRedisCredentials(
                user.isEmpty() ? null : user, password.isEmpty() ? null : (CharSequence) password);
    }

    private JedisClientConfig client(Duration timeout) {
        return client(timeout, () -> credentials, config.database());
    }

    @SuppressWarnings("deprecation") // What Jedis has instead reads key stores only, not PEM files.
    private JedisClientConfig client(Duration timeout, Supplier<RedisCredentials> login, int database) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .resp2()
                .clientName(clientName)
                .connectionTimeoutMillis((int) config.connectTimeout().toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .blockingSocketTimeoutMillis(0)
                .credentialsProvider(login)
                .database(database);
        if (!config.keyPrefix().isEmpty()) {
            builder.commandKeyArgumentPreProcessor(new PrefixedKeyArgumentPreProcessor(config.keyPrefix()));
        }
        if (tls != null) {
            builder.ssl(true).sslSocketFactory(tls.sockets()).sslParameters(RedisTls.parameters());
        }
        return builder.build();
    }

    /** Returns how clients are configured, with the prefix of keys. */
    JedisClientConfig client() {
        return client;
    }

    private GenericObjectPoolConfig<Connection> pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(config.poolSize());
        // Otherwise the pool closes what exceeds its idle connections, and connects again for the next caller.
        pool.setMaxIdle(config.poolSize());
        pool.setMinIdle(0);
        pool.setMaxWait(config.maxWait().plus(config.connectTimeout()));
        pool.setJmxEnabled(false);
        // No thread that evicts: what is broken is found by its use, and the pool is cleared then.
        pool.setTimeBetweenEvictionRuns(Duration.ofMillis(-1));
        pool.setTestWhileIdle(false);
        return pool;
    }

    /** Uses other credentials for new connections. */
    void credentials(RedisConfig changed) {
        credentials = credentials(changed.user(), changed.password());
    }

    /**
     * Makes the pools if there are none yet.
     *
     * @throws redis.clients.jedis.exceptions.JedisException if the sentinels or the cluster cannot be reached
     */
    ConnectionProvider open() throws InterruptedException {
        ConnectionProvider known = provider;
        if (known != null) {
            return known;
        }
        opening.lockInterruptibly();
        try {
            known = provider;
            if (known == null) {
                if (isClosed) {
                    throw new IllegalStateException("is closed");
                }
                known = make();
                provider = known;
            }
            return known;
        } finally {
            opening.unlock();
        }
    }

    private ConnectionProvider make() {
        return switch (config.mode()) {
            case SINGLE ->
                new PooledConnectionProvider(
                        BoundedConnection.factory(config.addresses().iterator().next(), client), pool());
            case SENTINEL ->
                new SentineledConnectionProvider(
                        config.master(),
                        client,
                        pool(),
                        config.addresses(),
                        client(
                                config.commandTimeout(),
                                () -> credentials(config.sentinelUser(), config.sentinelPassword()),
                                0),
                        Delay.constant(RESUBSCRIBE));
            case CLUSTER -> new ClusterConnectionProvider(config.addresses(), client, pool());
        };
    }

    /** Returns the pools; they are open once the plugin has connected. */
    ConnectionProvider provider() {
        ConnectionProvider known = provider;
        if (known == null) {
            throw new IllegalStateException("has not connected yet");
        }
        return known;
    }

    /** Opens a connection beside the pools, to the server or the present master, or to any node of the cluster. */
    Connection connect(Duration timeout) throws InterruptedException {
        JedisException failure = new JedisClusterOperationException("no node of the cluster is known");
        for (HostAndPort target : targets(open())) {
            try {
                return BoundedConnection.open(target, client(timeout));
            } catch (JedisException notThisOne) {
                failure = notThisOne;
            }
        }
        throw failure;
    }

    private Collection<HostAndPort> targets(ConnectionProvider open) {
        return switch (open) {
            case SentineledConnectionProvider sentinels -> List.of(sentinels.getCurrentMaster());
            case ClusterConnectionProvider cluster ->
                cluster.getNodes().keySet().stream().map(HostAndPort::from).toList();
            default -> config.addresses();
        };
    }

    /** Returns where a connection of {@link #connect} would go now; it differs after a failover. */
    String target() throws InterruptedException {
        return open() instanceof SentineledConnectionProvider sentinels
                ? sentinels.getCurrentMaster().toString()
                : "";
    }

    /** Closes idle connections, so that further uses connect anew. */
    void clearIdle() {
        ConnectionProvider known = provider;
        if (known == null) {
            return;
        }
        pools(known).values().forEach(Pool::clear);
        if (known instanceof ClusterConnectionProvider cluster) {
            cluster.renewSlotCache();
        }
    }

    /** Returns the number of connections in use. */
    int active() {
        ConnectionProvider known = provider;
        return known == null
                ? 0
                : pools(known).values().stream().mapToInt(Pool::getNumActive).sum();
    }

    /** Returns the number of idle connections. */
    int idle() {
        ConnectionProvider known = provider;
        return known == null
                ? 0
                : pools(known).values().stream().mapToInt(Pool::getNumIdle).sum();
    }

    private static Map<?, ? extends Pool<Connection>> pools(ConnectionProvider known) {
        return switch (known) {
            case PooledConnectionProvider single -> single.getConnectionMap();
            case SentineledConnectionProvider sentinels -> sentinels.getConnectionMap();
            case ClusterConnectionProvider cluster -> cluster.getConnectionMap();
            default -> Map.of();
        };
    }

    void close() throws Exception {
        opening.lock();
        try {
            isClosed = true;
            ConnectionProvider known = provider;
            if (known != null) {
                known.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
