package io.lynx.redis;

import io.lynx.context.RequestContext;
import io.lynx.plugin.external.Use;
import io.lynx.resilience.Bulkhead;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection of a pool in the hands of a pipeline or a transaction. It never connects itself: everything happens on the connection
 * below it. Used by one thread at a time.
 */
final class LentConnection extends Connection {
    private final Connection below;
    private final Use use;
    private final Bulkhead.Slot place;
    private final ManagedCommands commands;
    private final int usualTimeout;
    private boolean isReturned;

    LentConnection(Connection below, Use use, Bulkhead.Slot place, ManagedCommands commands) {
        super(new DefaultJedisSocketFactory());
        this.below = below;
        this.use = use;
        this.place = place;
        this.commands = commands;
        this.protocol = below.getRedisProtocol();
        this.usualTimeout = below.getSoTimeout();
        RequestContext.current().deadline().ifPresent(deadline -> {
            int rest = LimitedCalls.millis(deadline);
            if (rest < usualTimeout) {
                below.setSoTimeout(rest);
            }
        });
        commands.calls().begin(below);
    }

    private <T> T call(Supplier<T> call) {
        try {
            T answer = call.get();
            use.succeeded();
            return answer;
        } catch (JedisException failure) {
            throw commands.failed(use, failure);
        }
    }

    @Override
    public Object executeCommand(CommandArguments arguments) {
        return call(() -> below.executeCommand(arguments));
    }

    @Override
    public <T> T executeCommand(CommandObject<T> command) {
        return call(() -> below.executeCommand(command));
    }

    @Override
    public void sendCommand(CommandArguments arguments) {
        try {
            below.sendCommand(arguments);
        } catch (JedisException failure) {
            throw commands.failed(use, failure);
        }
    }

    @Override
    protected void flush() {
        // Reading an answer flushes the connection below first.
    }

    @Override
    protected Object readProtocolWithCheckingBroken() {
        return call(below::getOne);
    }

    @Override
    public List<Object> getMany(int count) {
        return call(() -> below.getMany(count));
    }

    @Override
    public void connect() {
        below.connect();
    }

    @Override
    public void disconnect() {
        below.disconnect();
    }

    @Override
    public void forceDisconnect() throws IOException {
        below.forceDisconnect();
    }

    @Override
    public boolean isConnected() {
        return below.isConnected();
    }

    @Override
    public boolean isBroken() {
        return below.isBroken();
    }

    @Override
    public void setBroken() {
        below.setBroken();
    }

    @Override
    public int getSoTimeout() {
        return below.getSoTimeout();
    }

    @Override
    public void setSoTimeout(int millis) {
        below.setSoTimeout(millis);
    }

    @Override
    public void setTimeoutInfinite() {
        below.setTimeoutInfinite();
    }

    @Override
    public void rollbackTimeout() {
        below.rollbackTimeout();
    }

    /** Returns the connection to its pool. Idempotent. */
    @Override
    public void close() {
        if (isReturned) {
            return;
        }
        isReturned = true;
        commands.calls().end(below);
        try {
            if (!below.isBroken()) {
                below.setSoTimeout(usualTimeout);
            }
        } finally {
            giveBack();
        }
    }

    private void giveBack() {
        try {
            below.close();
        } finally {
            place.close();
            use.close();
        }
    }
}
