package io.lynx.redis;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.Uses;
import io.lynx.resilience.Bulkhead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;

/** One Redis between the start and the stop of its plugin: the client, what is built on it, and the health check. Thread-safe. */
final class RedisInstance implements MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(RedisPlugin.class);

    private final String plugin;
    private final String label;
    private final RedisConfig config;
    private final PluginContext context;
    private final ServerNodes nodes;
    private final Bulkhead places;
    private final ManagedCommands commands;
    private final ManagedRedis client;
    private final RedisCaches caches;
    private final RedisLocks locks;
    private final RedisChannels channels;
    private final RedisProbe probe;

    /**
     * Connects to nothing.
     *
     * @param name of the Redis; empty if it has none
     */
    RedisInstance(String plugin, String name, RedisConfig config, Uses uses, PluginContext context) {
        this.plugin = plugin;
        this.label = name.isEmpty() ? "default" : name;
        this.config = config;
        this.context = context;
        this.nodes = new ServerNodes(config, plugin);
        this.places = Bulkhead.of(plugin, config.poolSize(), config.maxWait());
        ServerRefusals refusals = new ServerRefusals();
        this.commands = new ManagedCommands(plugin, label, config, nodes, uses, places, refusals, context);
        this.client = new ManagedRedis(commands, nodes);
        this.caches = new RedisCaches(client, context);
        this.locks = new RedisLocks(client, label, context);
        this.channels = new RedisChannels(plugin, label, config, client, nodes, context);
        this.probe = new RedisProbe(nodes, config, refusals);
    }

    UnifiedJedis client() {
        return client;
    }

    RedisCaches caches() {
        return caches;
    }

    RedisLocks locks() {
        return locks;
    }

    RedisChannels channels() {
        return channels;
    }

    Health probe() throws Exception {
        RedisProbe.Answer answer = probe.check();
        String refusal = answer.refusal();
        return (refusal == null ? Health.up() : Health.degraded(refusal))
                .with("address", config.address())
                .with("version", answer.version())
                .with("active", nodes.active())
                .with("idle", nodes.idle())
                .with("waiting", places.waiting())
                .with("max", config.poolSize());
    }

    @Override
    public void collect(Samples out) {
        out.add(RedisMetrics.CONNECTIONS, nodes.active(), label, "active");
        out.add(RedisMetrics.CONNECTIONS, nodes.idle(), label, "idle");
        out.add(RedisMetrics.CONNECTIONS, places.waiting(), label, "pending");
        out.add(RedisMetrics.CONNECTIONS, config.poolSize(), label, "max");
    }

    /** Closes idle connections. */
    void evict() {
        nodes.clearIdle();
    }

    /** Uses other credentials for new connections; idle ones are replaced once Redis has accepted the new credentials. */
    void credentials(RedisConfig changed) {
        nodes.credentials(changed);
        context.threads().newThread(this::replaceConnections).start();
    }

    private void replaceConnections() {
        try {
            probe.renew();
            evict();
            LOG.atInfo()
                    .addKeyValue("plugin", plugin)
                    .log("Redis accepts the new credentials; connections are replaced");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            LOG.atWarn()
                    .addKeyValue("plugin", plugin)
                    .log(
                            "No connection with the new credentials: {}; open connections go on, new ones fail until lynx.{}"
                                    + " has the right ones",
                            Masking.mask(UserCode.describe(failure)),
                            plugin);
        }
    }

    /** Ends the calls in progress. */
    void cutOff() {
        commands.calls().cutOff();
    }

    void close() {
        locks.close();
        channels.close();
        commands.calls().cutOff();
        probe.close();
        boolean _ = UserCode.run(nodes::close, failure -> LOG.atWarn()
                .setCause(UserCode.loggable(failure))
                .log("Plugin {}: connections could not be closed", plugin));
    }
}
