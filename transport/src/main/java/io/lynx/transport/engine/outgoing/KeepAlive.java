package io.lynx.transport.engine.outgoing;

import io.lynx.time.Ticker;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Finds connections that are dead although nothing says so: one that carries calls and is silent for long gets a PING (RFC 9113, 6.7),
 * and is closed if that is not answered either. Belongs to the event loop of the connection.
 */
final class KeepAlive {
    /** How long the answer to a PING may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long PING = 0x4c796e78;

    private final Channel channel;
    private final long silence;
    private final Ticker ticker;
    private final BooleanSupplier isCarrying;
    private long heardAt;
    private boolean isPinged;
    private Future<?> next;

    /**
     * Checks a connection until it is stopped.
     *
     * @param silence after which a PING is sent
     * @param isCarrying returns whether calls are in flight
     */
    KeepAlive(Channel channel, Duration silence, Ticker ticker, BooleanSupplier isCarrying) {
        this.channel = channel;
        this.silence = silence.toNanos();
        this.ticker = ticker;
        this.isCarrying = isCarrying;
        this.heardAt = ticker.nanos();
        this.next = after(this.silence);
    }

    /** Something has arrived. */
    void heard() {
        heardAt = ticker.nanos();
        isPinged = false;
    }

    void stop() {
        boolean _ = next.cancel(false);
    }

    private Future<?> after(long nanos) {
        return channel.eventLoop().schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (!channel.isActive()) {
            return;
        }
        if (isPinged) {
            // The calls in flight fail with the connection.
            channel.close();
            return;
        }
        long left = silence - (ticker.nanos() - heardAt);
        if (left > 0 || !isCarrying.getAsBoolean()) {
            next = after(left > 0 ? left : silence);
            return;
        }
        isPinged = true;
        channel.writeAndFlush(new DefaultHttp2PingFrame(PING));
        next = after(PATIENCE.toNanos());
    }
}
