package io.lynx.transport.engine.connection;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerObserver;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.LogLimit;
import io.lynx.transport.engine.framing.HttpDate;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the connections and streams of one open listener share. Thread-safe. */
public final class ListenerState {
    private final ListenerSpec spec;
    private final InFlight inFlight;
    private final Consumer<ChannelPipeline> onBuilt;
    private final LogLimit logs;
    private final ThreadFactory threads;
    private final LoopTimer timer;
    private final HttpDate date;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Peer, Connection> peers = new ConcurrentHashMap<>();
    /** Streams whose answer has ended while their work goes on. */
    private final Set<CountedStream> unfinished = ConcurrentHashMap.newKeySet();

    private final UnsentBytes unsent;
    private final LongLivedDrain drain = new LongLivedDrain(this);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Map<EventLoop, TimeoutSweeper> sweepers = new ConcurrentHashMap<>();
    private final Map<EventLoop, HandshakeQueue> handshakes = new ConcurrentHashMap<>();
    private final Map<EventLoop, VirtualThreadDispatcher> dispatchers = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final long headerTimeout;
    private final long idleTimeout;
    private final long linger;
    private final long checkInterval;
    private final OpenFilesLimit.Places places;
    private volatile Phase phase = Phase.SERVING;

    /** How many connections there may be above the limit while idle ones are being closed, or none is idle. */
    private static final int SPARE_CONNECTIONS = 32;

    /** How far the listener's end has come. */
    public enum Phase {
        SERVING,
        /** Clients are asked to leave. */
        ANNOUNCED,
        /** Connections are closed as they become idle. */
        DRAINING,
        CLOSED
    }

    /**
     * Creates the state of a listener that is about to open.
     *
     * @param onBuilt receives each pipeline that the library has built
     * @param places how many connections it may have
     */
    public ListenerState(
            ListenerSpec spec, InFlight inFlight, Consumer<ChannelPipeline> onBuilt, OpenFilesLimit.Places places) {
        this.onBuilt = onBuilt;
        this.logs = new LogLimit(spec.ticker());
        this.spec = spec;
        this.inFlight = inFlight;
        this.unsent = new UnsentBytes(logs);
        ListenerConfig config = spec.config();
        this.threads = Thread.ofVirtual().name("lynx-" + config.name() + "-", 1).factory();
        this.date = new HttpDate(spec.clock());
        this.timer = new LoopTimer(spec.scheduler());
        this.headerTimeout = nanos(config.headerTimeout());
        this.idleTimeout = nanos(config.idleTimeout());
        this.linger = nanos(config.linger());
        this.places = places;
        places.takenBy(connections);
        this.checkInterval = nanos(config.checkInterval());
    }

    /** Saturates at 292 years. */
    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    InFlight inFlight() {
        return inFlight;
    }

    ListenerConfig config() {
        return spec.config();
    }

    ListenerObserver observer() {
        return spec.observer();
    }

    /** Whether connections are protected by TLS. */
    boolean isTls() {
        return spec.config().tls().isPresent();
    }

    /** A connection has {@code bytes} more that its client has not taken, or fewer if it is negative. Any thread. */
    void unsent(long bytes) {
        if (unsent.add(bytes) && bytes > 0) {
            unsent.relieve(connections);
        }
    }

    /** Returns whether a connection must not keep more than these bytes for its client. Any thread. */
    boolean isOverfull(long own) {
        return unsent.isRefused(own, connections.size());
    }

    LoopTimer timer() {
        return timer;
    }

    HttpDate date() {
        return date;
    }

    long headerTimeout() {
        return headerTimeout;
    }

    long idleTimeout() {
        return idleTimeout;
    }

    long linger() {
        return linger;
    }

    /** A protocol may register when the listener is open: it starts late, or again with other limits. */
    long checkInterval() {
        return Math.min(checkInterval, nanos(spec.handler().checkInterval()));
    }

    public long now() {
        return spec.ticker().nanos();
    }

    /** The library has built a pipeline. */
    void built(ChannelPipeline pipeline) {
        onBuilt.accept(pipeline);
    }

    /** Limits the log lines that clients can cause. */
    LogLimit logs() {
        return logs;
    }

    /** How long a request line, or the path of HTTP/2, may be. */
    public int maxLineLength() {
        return spec.config().maxLineLength();
    }

    /** How many streams may be long-lived at a time. */
    int maxLongLived() {
        return spec.config().maxLongLived();
    }

    /** The drain of the long-lived streams. */
    public LongLivedDrain drain() {
        return drain;
    }

    /** Passes a stream to the protocol. */
    void handle(VertxStream stream) {
        spec.handler().handle(stream);
    }

    /** The requests in flight, the oldest first. */
    public List<RequestInFlight> requests(int limit) {
        long now = now();
        // One after the other: a stream is among the unfinished ones before it leaves its connection.
        Set<CountedStream> all = new HashSet<>();
        connections.forEach(connection -> connection.streams().stream().forEach(all::add));
        all.addAll(unfinished);
        return all.stream()
                .filter(stream -> !stream.isLongLived())
                .sorted(Comparator.comparingLong(stream -> stream.startedAt() - now))
                .limit(limit)
                .map(stream -> stream.describe(now))
                .toList();
    }

    /** Whether connections must get through whatever happens to the rest of the process. */
    boolean servesProbes() {
        return spec.config().replacesIdle();
    }

    /** Counts a connection; returns whether there is a place for it. */
    boolean accepts() {
        accepted.increment();
        int excess = connections.size() - places.most();
        if (excess < 0 || (spec.config().replacesIdle() && excess < SPARE_CONNECTIONS)) {
            if (excess >= 0) {
                connections.stream()
                        .filter(Connection::isReplaceable)
                        .min(Comparator.comparingLong(
                                connection -> connection.streams().quietSince()
                                        - spec.ticker().nanos()))
                        .ifPresent(Connection::giveWay);
            }
            return true;
        }
        refused.increment();
        spec.observer().connectionRefused();
        return false;
    }

    public long accepted() {
        return accepted.sum();
    }

    public long refused() {
        return refused.sum();
    }

    @Nullable
    public Connection connection(Peer peer) {
        return peers.get(peer);
    }

    void opened(Connection connection, Peer peer) {
        connections.add(connection);
        peers.put(peer, connection);
    }

    void closed(Connection connection, Peer peer) {
        connections.remove(connection);
        peers.remove(peer, connection);
        wakeWaiters();
    }

    /** The open connections; a live view. */
    public Set<Connection> connections() {
        return connections;
    }

    /** The streams whose work outlives their answer; a live view. */
    public Set<CountedStream> unfinished() {
        return unfinished;
    }

    public void wakeWaiters() {
        lock.lock();
        try {
            closed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code condition} holds, which is evaluated whenever a socket closes; returns whether it does. */
    public boolean await(BooleanSupplier condition, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                long _ = closed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    VirtualThreadDispatcher dispatcher(EventLoop loop) {
        return dispatchers.computeIfAbsent(loop, key -> new VirtualThreadDispatcher(key, threads, logs));
    }

    HandshakeQueue handshakes(EventLoop loop) {
        return handshakes.computeIfAbsent(loop, HandshakeQueue::new);
    }

    TimeoutSweeper sweeper(EventLoop loop) {
        return sweepers.computeIfAbsent(loop, key -> new TimeoutSweeper(key, this));
    }

    public Collection<TimeoutSweeper> sweepers() {
        return sweepers.values();
    }

    public Phase phase() {
        return phase;
    }

    /** Goes on to a later phase; returns false, and changes nothing, if the listener's end has come as far. */
    public synchronized boolean advance(Phase next) {
        if (next.compareTo(phase) <= 0) {
            return false;
        }
        phase = next;
        return true;
    }

    public boolean isAnnounced() {
        return phase != Phase.SERVING;
    }
}
