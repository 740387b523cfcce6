package io.lynx.redis;

import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.ClusterCommandObjects;
import redis.clients.jedis.ClusterPipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/** The client that a plugin shares: that of Jedis, with managed commands below it. Thread-safe. */
final class ManagedRedis extends UnifiedJedis {
    private final ServerNodes nodes;

    ManagedRedis(ManagedCommands commands, ServerNodes nodes) {
        super(commands, new ManagedProvider(commands, nodes), nodes.client(), null);
        this.nodes = nodes;
    }

    /**
     * Begins a pipeline. One for a cluster uses its connections without the circuit breaker.
     *
     * @throws UnsupportedOperationException in a cluster with a prefix of keys, which pipelines of Jedis do not add there
     */
    @Override
    public AbstractPipeline pipelined() {
        if (!(nodes.provider() instanceof ClusterConnectionProvider cluster)) {
            return super.pipelined();
        }
        if (nodes.client().getCommandKeyArgumentPreProcessor() != null) {
            throw new UnsupportedOperationException(
                    "pipelines of a cluster do not add key_prefix; send single commands, or remove key_prefix");
        }
        return new ClusterPipeline(cluster, new ClusterCommandObjects(RedisProtocol.RESP2));
    }

    /** Does nothing: the plugin closes the connections. */
    @Override
    public void close() {}
}
