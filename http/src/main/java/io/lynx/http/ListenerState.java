package io.lynx.http;

import io.lynx.json.JsonCodec;
import io.lynx.plugin.InFlight;
import io.lynx.time.Ticker;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the connections and exchanges of one open listener share. Thread-safe. */
final class ListenerState {
    private final HttpConfig config;
    private final Supplier<RouteTable> routes;
    private final Ticker ticker;
    private final ThreadFactory threads;
    private final InFlight inFlight;
    private final RequestRecorder recorder;
    private final FailureReporter failures;
    private final JsonCodec json;
    private final Counts counts = new Counts();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Peer, Connection> peers = new ConcurrentHashMap<>();
    private final String idPrefix = Long.toString(ThreadLocalRandom.current().nextLong() >>> 16, 36);
    private final AtomicLong numbers = new AtomicLong();
    private final Map<EventLoop, Sweeper> sweepers = new ConcurrentHashMap<>();
    private final Map<EventLoop, HandOff> handOffs = new ConcurrentHashMap<>();
    private final long requestTimeout;
    private final long stallTimeout;
    private volatile Date date = new Date(Long.MIN_VALUE, "");
    private volatile Phase phase = Phase.SERVING;

    /** How far its end has come. */
    enum Phase {
        SERVING,
        /** Clients are told to leave. */
        ANNOUNCED,
        /** Connections are closed as they fall idle. */
        DRAINING,
        CLOSED
    }

    private record Date(long second, String text) {}

    static final class Counts {
        final LongAdder accepted = new LongAdder();
        final LongAdder refusedConnections = new LongAdder();
        final LongAdder refusedRequests = new LongAdder();
        final LongAdder abandoned = new LongAdder();
        final LongAdder timedOut = new LongAdder();
    }

    ListenerState(
            HttpConfig config,
            Supplier<RouteTable> routes,
            Ticker ticker,
            ThreadFactory threads,
            InFlight inFlight,
            RequestRecorder recorder,
            FailureReporter failures,
            JsonCodec json) {
        this.config = config;
        this.routes = routes;
        this.ticker = ticker;
        this.threads = threads;
        this.inFlight = inFlight;
        this.recorder = recorder;
        this.failures = failures;
        this.json = json;
        this.requestTimeout = nanos(config.requestTimeout());
        this.stallTimeout = nanos(config.stallTimeout());
    }

    /** Saturating: nobody waits for longer than 292 years. */
    static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    HttpConfig config() {
        return config;
    }

    RouteTable routes() {
        return routes.get();
    }

    InFlight inFlight() {
        return inFlight;
    }

    FailureReporter failures() {
        return failures;
    }

    JsonCodec json() {
        return json;
    }

    Counts counts() {
        return counts;
    }

    RequestRecorder recorder() {
        return recorder;
    }

    void rejected(Rejection reason) {
        switch (reason) {
            case MAX_IN_FLIGHT -> counts.refusedRequests.increment();
            case MAX_CONNECTIONS -> counts.refusedConnections.increment();
            case MAX_BODY_SIZE, MAX_HEADER_SIZE, MAX_URI_LENGTH, MALFORMED, PLUGIN_RESTARTING -> {}
        }
        recorder.rejected(reason);
    }

    void timedOut(TimeLimit limit) {
        counts.timedOut.increment();
        recorder.timedOut(limit);
    }

    @Nullable
    Connection connection(Peer peer) {
        return peers.get(peer);
    }

    void opened(Connection connection, Peer peer) {
        connections.add(connection);
        peers.put(peer, connection);
    }

    void closed(Connection connection, Peer peer) {
        connections.remove(connection);
        peers.remove(peer, connection);
    }

    /** Those open now; a live view. */
    Set<Connection> connections() {
        return connections;
    }

    HandOff handOff(EventLoop loop) {
        return handOffs.computeIfAbsent(loop, key -> new HandOff(key, threads));
    }

    Sweeper sweeper(EventLoop loop) {
        return sweepers.computeIfAbsent(loop, key -> new Sweeper(key, this));
    }

    long requestTimeout() {
        return requestTimeout;
    }

    long stallTimeout() {
        return stallTimeout;
    }

    long now() {
        return ticker.nanos();
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase phase) {
        this.phase = phase;
    }

    boolean isAnnounced() {
        return phase != Phase.SERVING;
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    String requestId(long number) {
        return idPrefix + "-" + Long.toString(number, 36);
    }

    /** The value of the {@code Date} header, made once a second. */
    String date() {
        long second = Math.floorDiv(System.currentTimeMillis(), 1000L);
        Date known = date;
        if (known.second() != second) {
            ZonedDateTime time = java.time.Instant.ofEpochSecond(second).atZone(ZoneOffset.UTC);
            known = new Date(second, DateTimeFormatter.RFC_1123_DATE_TIME.format(time));
            date = known;
        }
        return known.text();
    }
}
