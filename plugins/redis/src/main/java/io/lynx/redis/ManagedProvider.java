package io.lynx.redis;

import io.lynx.context.RequestContext;
import io.lynx.plugin.external.Use;
import io.lynx.resilience.Bulkhead;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ConnectionProvider;

/** Lends connections to pipelines and transactions; each counts as one use until it is closed. Thread-safe. */
final class ManagedProvider implements ConnectionProvider {
    private final ManagedCommands commands;
    private final ServerNodes nodes;

    ManagedProvider(ManagedCommands commands, ServerNodes nodes) {
        this.commands = commands;
        this.nodes = nodes;
    }

    @Override
    public Connection getConnection() {
        Use use = commands.use("connect", RequestContext.current());
        Bulkhead.Slot place = null;
        Connection lent = null;
        try {
            place = commands.place(use);
            lent = lend(nodes.provider().getConnection(), use, place);
            return lent;
        } catch (JedisException failure) {
            throw commands.failed(use, failure);
        } finally {
            if (lent == null) {
                if (place != null) {
                    place.close();
                }
                use.close();
            }
        }
    }

    /** The pool closes a connection that has turned out to be broken. */
    private LentConnection lend(Connection pooled, Use use, Bulkhead.Slot place) {
        try {
            return new LentConnection(pooled, use, place, commands);
        } catch (RuntimeException | Error failure) {
            pooled.close();
            throw failure;
        }
    }

    @Override
    public Connection getConnection(CommandArguments arguments) {
        return getConnection();
    }

    @Override
    public void close() {
        // The plugin closes the connections.
    }
}
