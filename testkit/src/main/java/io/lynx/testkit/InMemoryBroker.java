package io.lynx.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.extension.Registration;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A broker in memory, to which the bridges of one or more applications connect: messages are kept in the order of their arrival, each
 * group of receivers gets each message until it is acknowledged, and messages with the same key one after the other. It can be stopped,
 * lose acknowledgements and refuse messages. Thread-safe.
 */
public final class InMemoryBroker {
    private static final int PARTITIONS = 4;
    private static final long REDELIVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private final Map<String, List<BridgeMessage>> channels = new HashMap<>();

    @GuardedBy("lock")
    private final Map<Place, Position> positions = new HashMap<>();

    /** Guarded by {@link #lock}. */
    private boolean isDown;

    /** Guarded by {@link #lock}. */
    private int acknowledgementsToLose;

    /** Guarded by {@link #lock}. */
    private Predicate<BridgeMessage> refused = _ -> false;

    private record Place(String group, String channel, int partition) {}

    /** How far a group has read a partition of a channel. */
    private static final class Position {
        private int next;
        private boolean isBusy;
    }

    /** Creates a broker that runs and has no messages. */
    public InMemoryBroker() {}

    /** Returns a plugin that connects an application to this broker; bridges name its id as their {@code transport}. */
    public Plugin plugin(String id) {
        return new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of(id)
                        .provides(BridgeTransport.CAPABILITY, "1.0.0")
                        .build();
            }

            @Override
            public void start(PluginContext context) {
                context.share(BridgeTransport.key(id), transport(context.threads()));
            }
        };
    }

    /** Returns a transport to this broker, without a plugin. */
    public BridgeTransport transport(ThreadFactory threads) {
        return new BridgeTransport() {
            @Override
            public List<UnpublishedMessage> publish(String channel, List<BridgeMessage> messages, Deadline deadline)
                    throws IOException {
                return accept(channel, messages);
            }

            @Override
            public Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) {
                return deliver(subscription, receiver, threads);
            }
        };
    }

    private List<BridgeTransport.UnpublishedMessage> accept(String channel, List<BridgeMessage> messages)
            throws IOException {
        lock.lock();
        try {
            requireUp();
            List<BridgeTransport.UnpublishedMessage> left = new ArrayList<>();
            for (BridgeMessage message : messages) {
                if (refused.test(message)) {
                    left.add(new BridgeTransport.UnpublishedMessage(
                            message, new IOException("the broker refuses " + message), true));
                } else {
                    channels.computeIfAbsent(channel, _ -> new ArrayList<>()).add(message);
                }
            }
            changed.signalAll();
            if (acknowledgementsToLose > 0) {
                acknowledgementsToLose--;
                throw new IOException("the connection broke before the acknowledgement");
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void requireUp() throws IOException {
        if (isDown) {
            throw new IOException("the broker is down");
        }
    }

    private Registration deliver(
            BridgeTransport.ChannelSubscription subscription,
            BridgeTransport.BridgeReceiver receiver,
            ThreadFactory threads) {
        Reader reader = new Reader(receiver);
        for (String channel : subscription.channels()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Place place = new Place(subscription.group(), channel, partition);
                threads.newThread(() -> reader.read(place)).start();
            }
        }
        return reader;
    }

    /** One subscription, with a thread for each partition. */
    private final class Reader implements Registration {
        private final BridgeTransport.BridgeReceiver receiver;
        private volatile boolean isClosed;

        Reader(BridgeTransport.BridgeReceiver receiver) {
            this.receiver = receiver;
        }

        void read(Place place) {
            try {
                while (true) {
                    BridgeMessage message = next(place);
                    if (message == null) {
                        return;
                    }
                    boolean isAcknowledged = false;
                    try {
                        receiver.receive(place.channel(), message);
                        isAcknowledged = true;
                    } catch (InterruptedException stopping) {
                        return;
                    } catch (Exception redelivered) {
                        // It stays the next of its partition.
                    } finally {
                        handled(place, isAcknowledged);
                    }
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        private @Nullable BridgeMessage next(Place place) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!isClosed) {
                    Position position = positions.computeIfAbsent(place, _ -> new Position());
                    List<BridgeMessage> all = channels.getOrDefault(place.channel(), List.of());
                    while (position.next < all.size() && partition(all.get(position.next)) != place.partition()) {
                        position.next++;
                    }
                    if (!isDown && !position.isBusy && position.next < all.size()) {
                        position.isBusy = true;
                        return all.get(position.next);
                    }
                    changed.await();
                }
                return null;
            } finally {
                lock.unlock();
            }
        }

        private void handled(Place place, boolean isAcknowledged) throws InterruptedException {
            lock.lock();
            try {
                Position position = positions.computeIfAbsent(place, _ -> new Position());
                if (isAcknowledged && !isDown) {
                    position.next++;
                } else {
                    long left = REDELIVERY_NANOS;
                    while (left > 0 && !isClosed) {
                        left = changed.awaitNanos(left);
                    }
                }
                position.isBusy = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            isClosed = true;
            change(() -> {});
        }
    }

    private static int partition(BridgeMessage message) {
        String key = message.key().isEmpty() ? message.id() : message.key();
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stops it: nothing is accepted, acknowledged or delivered until {@link #start}. Messages are kept. */
    public void stop() {
        change(() -> isDown = true);
    }

    /** Starts it again. */
    public void start() {
        change(() -> isDown = false);
    }

    /** Accepts the next batches but breaks the connection before it acknowledges them. */
    public void loseAcknowledgements(int batches) {
        change(() -> acknowledgementsToLose = batches);
    }

    /** Refuses permanently, from now on, the messages that {@code which} matches. */
    public void refuse(Predicate<BridgeMessage> which) {
        change(() -> refused = which);
    }

    /** Adds a message as another producer would. */
    public void add(String channel, BridgeMessage message) {
        change(() -> channels.computeIfAbsent(channel, _ -> new ArrayList<>()).add(message));
    }

    /** Returns the messages of a channel, in the order of their arrival. */
    public List<BridgeMessage> messages(String channel) {
        lock.lock();
        try {
            return List.copyOf(channels.getOrDefault(channel, List.of()));
        } finally {
            lock.unlock();
        }
    }
}
