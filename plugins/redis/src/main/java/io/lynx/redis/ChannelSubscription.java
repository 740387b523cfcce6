package io.lynx.redis;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One subscription: a thread that reads messages from a connection of its own into a bounded buffer, and one that hands them to the
 * handler. A connection that breaks is replaced, with growing pauses; one on which nothing arrives is probed. Thread-safe.
 */
final class ChannelSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelSubscription.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Target target;
    private final MessageHandler handler;
    private final Runnable onGap;
    private final ServerNodes nodes;
    private final Duration timeout;
    private final PluginContext context;
    private final BlockingQueue<Message> buffer;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final Counter received;
    private final Counter dropped;
    private final Counter resubscribed;
    private volatile @Nullable Connection connection;
    private volatile @Nullable Reader reader;
    private volatile @Nullable Thread reading;
    private volatile @Nullable Thread handling;
    private volatile long heardAt;

    private record Message(String channel, String text) {}

    /**
     * What is subscribed to.
     *
     * @param prefix what the names of the channels begin with at the server
     */
    record Target(String plugin, String redis, String name, String prefix, List<String> channels) {
        String[] atServer() {
            return channels.stream().map(channel -> prefix + channel).toArray(String[]::new);
        }
    }

    ChannelSubscription(
            Target target,
            int size,
            MessageHandler handler,
            Runnable onGap,
            ServerNodes nodes,
            Duration timeout,
            PluginContext context) {
        this.target = target;
        this.handler = handler;
        this.onGap = onGap;
        this.nodes = nodes;
        this.timeout = timeout;
        this.context = context;
        this.buffer = new ArrayBlockingQueue<>(size);
        MetricRegistry registry = context.metrics().registry();
        this.received = registry.counter(RedisMetrics.MESSAGES, target.redis(), target.name());
        this.dropped = registry.counter(RedisMetrics.DROPPED, target.redis(), target.name());
        this.resubscribed = registry.counter(RedisMetrics.RESUBSCRIPTIONS, target.redis(), target.name());
    }

    void start() {
        Thread one = context.threads().newThread(this::read);
        Thread two = context.threads().newThread(this::handle);
        reading = one;
        handling = two;
        one.start();
        two.start();
        pingLater();
    }

    private void read() {
        Duration pause = FIRST_PAUSE;
        boolean isFirst = true;
        while (!closed.isDone()) {
            Reader current = new Reader(isFirst);
            try (Connection opened = nodes.connect(timeout)) {
                connection = opened;
                reader = current;
                heardAt = context.ticker().nanos();
                current.proceed(opened, target.atServer());
            } catch (InterruptedException stopping) {
                return;
            } catch (JedisException | IllegalStateException failure) {
                broken(failure);
            } finally {
                reader = null;
                connection = null;
            }
            if (current.isSubscribedOnce) {
                isFirst = false;
                pause = FIRST_PAUSE;
            }
            try {
                boolean _ = TimedWait.await(closed, Deadline.after(pause, context.ticker()), context.scheduler());
            } catch (InterruptedException | IllegalStateException stopping) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void broken(Exception failure) {
        if (!closed.isDone()) {
            LOG.atWarn()
                    .addKeyValue("plugin", target.plugin())
                    .log(
                            "Subscription '{}' is not connected: {}; messages are lost until it is made again",
                            target.name(),
                            Masking.mask(UserCode.describe(failure)));
        }
    }

    private final class Reader extends JedisPubSub {
        private final boolean isFirst;
        private volatile boolean isSubscribedOnce;

        Reader(boolean isFirst) {
            this.isFirst = isFirst;
        }

        @Override
        public void onSubscribe(String channel, int count) {
            heardAt = context.ticker().nanos();
            if (isSubscribedOnce) {
                return;
            }
            isSubscribedOnce = true;
            if (!isFirst) {
                resubscribed.increment();
                LOG.atInfo()
                        .addKeyValue("plugin", target.plugin())
                        .log("Subscription '{}' is made again", target.name());
                boolean _ = UserCode.run(onGap::run, ChannelSubscription.this::handlerFailed);
                clearInterrupt();
            }
        }

        @Override
        public void onMessage(String channel, String text) {
            heardAt = context.ticker().nanos();
            received.increment();
            String name = channel.substring(target.prefix().length());
            if (!buffer.offer(new Message(name, text))) {
                dropped.increment();
            }
        }

        @Override
        public void onPong(String text) {
            heardAt = context.ticker().nanos();
        }
    }

    /** An interrupt that user code has left behind would close the connection; that of a closed subscription ends it. */
    private void clearInterrupt() {
        if (!closed.isDone()) {
            boolean _ = Thread.interrupted();
        }
    }

    private void handle() {
        while (!closed.isDone()) {
            try {
                Message message = buffer.take();
                boolean _ = UserCode.run(() -> handler.handle(message.channel(), message.text()), this::handlerFailed);
            } catch (InterruptedException interrupted) {
                // The subscription is closed, or the handler has left the flag behind.
            }
        }
    }

    private void handlerFailed(Throwable failure) {
        LOG.atWarn()
                .addKeyValue("plugin", target.plugin())
                .setCause(UserCode.loggable(failure))
                .log("The handler of subscription '{}' failed; the message is lost", target.name());
    }

    /** A connection can break without a sign; a ping makes the server answer, or the system notice. */
    private void pingLater() {
        try {
            var _ = context.scheduler().after(PING, this::ping);
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            // The plugin has stopped.
        }
    }

    private void ping() {
        if (closed.isDone()) {
            return;
        }
        Connection current = connection;
        Reader listening = reader;
        if (current != null && listening != null) {
            if (context.ticker().nanos() - heardAt > SILENCE.toNanos()) {
                disconnect(current);
            } else if (listening.isSubscribed()) {
                try {
                    listening.ping();
                } catch (JedisException broken) {
                    disconnect(current);
                }
            }
        }
        pingLater();
    }

    private static void disconnect(Connection current) {
        try {
            current.forceDisconnect();
        } catch (IOException alreadyBroken) {
            // It is closed all the same.
        }
    }

    void close() {
        boolean _ = closed.complete(null);
        Connection current = connection;
        if (current != null) {
            disconnect(current);
        }
        interrupt(reading);
        interrupt(handling);
    }

    private static void interrupt(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
