package io.lynx.redis;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Publishes messages and subscribes to them, through one Redis. Messages are delivered at most once: those that are published while a
 * subscription is not connected, or its buffer is full, are lost, and the loss is counted where it can be seen. Thread-safe.
 */
public final class RedisChannels {
    private static final int LARGEST_BUFFER = 1_000_000;

    private final String plugin;
    private final String redis;
    private final RedisConfig config;
    private final UnifiedJedis client;
    private final ServerNodes nodes;
    private final PluginContext context;
    private final Set<ChannelSubscription> subscriptions = ConcurrentHashMap.newKeySet();

    RedisChannels(
            String plugin,
            String redis,
            RedisConfig config,
            UnifiedJedis client,
            ServerNodes nodes,
            PluginContext context) {
        this.plugin = plugin;
        this.redis = redis;
        this.config = config;
        this.client = client;
        this.nodes = nodes;
        this.context = context;
    }

    /**
     * Publishes a message.
     *
     * @return how many subscriptions received it, at the server that it was sent to
     * @throws JedisException if Redis cannot be used
     */
    public long publish(String channel, String message) {
        return client.publish(config.keyPrefix() + channel, message);
    }

    /**
     * Subscribes to channels, on a connection of its own. It is made again when it breaks. Messages wait in a buffer for the handler, which
     * receives them in their order; a message that arrives while the buffer is full is dropped.
     *
     * @param name identifies the subscription in metrics and logs
     * @param buffer the most messages that wait, 1 to 1,000,000
     * @param onGap is run after each time that the subscription was made again, when messages may have been lost
     * @return ends the subscription; messages in the buffer are not handled any more
     * @throws IllegalArgumentException if there is no channel, or the buffer is out of range
     */
    public Registration subscribe(
            String name, int buffer, MessageHandler handler, Runnable onGap, List<String> channels) {
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("subscription '" + name + "': has no channel; name at least one");
        }
        if (buffer < 1 || buffer > LARGEST_BUFFER) {
            throw new IllegalArgumentException(
                    "subscription '" + name + "': buffer " + buffer + "; allowed is 1 to " + LARGEST_BUFFER);
        }
        ChannelSubscription subscription = new ChannelSubscription(
                new ChannelSubscription.Target(plugin, redis, name, config.keyPrefix(), List.copyOf(channels)),
                buffer,
                handler,
                onGap,
                nodes,
                config.connectTimeout().plus(config.commandTimeout()),
                context);
        boolean _ = subscriptions.add(subscription);
        subscription.start();
        return () -> {
            boolean _ = subscriptions.remove(subscription);
            subscription.close();
        };
    }

    /** Subscribes to channels with a buffer of 1,000 messages. */
    public Registration subscribe(String name, MessageHandler handler, String... channels) {
        return subscribe(name, 1_000, handler, () -> {}, List.of(channels));
    }

    /** Ends all subscriptions. */
    void close() {
        subscriptions.forEach(ChannelSubscription::close);
    }
}
