package io.lynx.systemtest.load;

import io.lynx.systemtest.load.Outcome.Lost;
import io.lynx.systemtest.load.Outcome.NotSent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/2 with a few connections to each target, all in use; told to go away, it finishes what it has there
 * and goes on elsewhere. Thread-safe.
 */
public final class Http2Exchange implements Exchange {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Route route;
    private final String path;
    private final int connections;
    private final Map<InetSocketAddress, Slot[]> slots = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final LongAdder safeRetries = new LongAdder();

    private static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Http2Connection connection;
    }

    /**
     * Opens nothing yet.
     *
     * @param connections how many to each target
     */
    public Http2Exchange(Route route, String path, int connections) {
        this.route = route;
        this.path = path;
        this.connections = connections;
    }

    @Override
    public Outcome send() throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<InetSocketAddress> target = route.next();
            if (target.isEmpty()) {
                return new NotSent("no target");
            }
            long began = System.nanoTime();
            Http2Connection connection;
            try {
                connection = connection(target.get());
            } catch (IOException e) {
                if (route.leave(target.get(), began, e.toString())) {
                    safeRetries.increment();
                    continue;
                }
                return new NotSent("connect: " + e.getMessage());
            }
            Optional<CompletableFuture<Outcome>> opened = connection.request(path);
            Outcome outcome = opened.isPresent() ? await(opened.get(), connection) : new NotSent("no stream opened");
            if (!(outcome instanceof NotSent)) {
                return outcome;
            }
            if (opened.isEmpty() && !connection.isLeaving()) {
                // As many streams as may be open are: the request waits, and is late.
                Thread.sleep(1);
            } else {
                safeRetries.increment();
            }
        }
        return new NotSent("nobody took it within " + LIMIT);
    }

    private Outcome await(CompletableFuture<Outcome> outcome, Http2Connection connection) throws InterruptedException {
        try {
            return outcome.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Lost(connection.target(), LIMIT, 0, "no answer within " + LIMIT, System.nanoTime());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Http2Connection connection(InetSocketAddress target) throws IOException {
        Slot[] all = slots.computeIfAbsent(target, _ -> slots());
        Slot slot = all[Math.floorMod(turn.getAndIncrement(), all.length)];
        slot.lock.lock();
        try {
            Http2Connection now = slot.connection;
            if (now != null && !now.isLeaving()) {
                return now;
            }
            if (now != null && route.leave(target, now.openedNanos(), now.end())) {
                slot.connection = null;
                throw new IOException("told to go away");
            }
            Http2Connection fresh = Http2Connection.open(target, LIMIT);
            slot.connection = fresh;
            return fresh;
        } finally {
            slot.lock.unlock();
        }
    }

    private Slot[] slots() {
        var all = new Slot[connections];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Slot();
        }
        return all;
    }

    @Override
    public long safeRetries() {
        return safeRetries.sum();
    }

    @Override
    public void close() {
        for (Slot[] all : slots.values()) {
            for (Slot slot : all) {
                slot.lock.lock();
                try {
                    if (slot.connection != null) {
                        slot.connection.close();
                    }
                } finally {
                    slot.lock.unlock();
                }
            }
        }
    }
}
