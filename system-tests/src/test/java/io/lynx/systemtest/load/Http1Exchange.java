package io.lynx.systemtest.load;

import io.lynx.systemtest.load.Outcome.Answered;
import io.lynx.systemtest.load.Outcome.Lost;
import io.lynx.systemtest.load.Outcome.NotSent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A keep-alive client of HTTP/1.1 that accounts strictly: what has been written once is never written again, so a request
 * that crosses the closing of an idle connection is lost. Connections go round, the one idle for longest first, so that
 * all stay in use. Thread-safe.
 */
public final class Http1Exchange implements Exchange {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** A machine that stalls makes requests late, which is no loss. */
    private static final Duration QUEUE_LIMIT = Duration.ofSeconds(60);

    private final Route route;
    private final String path;
    private final Semaphore free;
    private final Map<InetSocketAddress, ConcurrentLinkedDeque<Http1Connection>> idle = new ConcurrentHashMap<>();
    private final LongAdder safeRetries = new LongAdder();
    private volatile boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param connections how many at most at a time
     */
    public Http1Exchange(Route route, String path, int connections) {
        this.route = route;
        this.path = path;
        this.free = new Semaphore(connections);
    }

    @Override
    public Outcome send() throws InterruptedException {
        if (!free.tryAcquire(QUEUE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            return new NotSent("no connection free within " + QUEUE_LIMIT);
        }
        try {
            return sendOnSome();
        } finally {
            free.release();
        }
    }

    private Outcome sendOnSome() {
        while (true) {
            Optional<InetSocketAddress> target = route.next();
            if (target.isEmpty()) {
                return new NotSent("no target");
            }
            long began = System.nanoTime();
            Http1Connection connection;
            try {
                connection = take(target.get());
            } catch (IOException e) {
                if (route.leave(target.get(), began, e.toString())) {
                    safeRetries.increment();
                    continue;
                }
                return new NotSent("connect: " + e.getMessage());
            }
            try {
                connection.write(path);
            } catch (IOException e) {
                // The reset had arrived before: the kernel took nothing.
                connection.close();
                safeRetries.increment();
                continue;
            }
            return answer(connection);
        }
    }

    private Outcome answer(Http1Connection connection) {
        try {
            Http1Connection.Answer answer = connection.read();
            if (answer.close()) {
                boolean _ = route.leave(connection.target(), connection.openedNanos(), "Connection: close");
                connection.close();
            } else {
                give(connection);
            }
            return new Answered(answer.status());
        } catch (IOException | RuntimeException e) {
            connection.close();
            return new Lost(
                    connection.target(), connection.age(), connection.requests() - 1, e.toString(), System.nanoTime());
        }
    }

    private Http1Connection take(InetSocketAddress target) throws IOException {
        ConcurrentLinkedDeque<Http1Connection> waiting =
                idle.computeIfAbsent(target, _ -> new ConcurrentLinkedDeque<>());
        for (Http1Connection one = waiting.pollFirst(); one != null; one = waiting.pollFirst()) {
            if (!one.isStale()) {
                return one;
            }
            one.close();
            safeRetries.increment();
        }
        return Http1Connection.open(target, LIMIT);
    }

    private void give(Http1Connection connection) {
        idle.computeIfAbsent(connection.target(), _ -> new ConcurrentLinkedDeque<>())
                .addLast(connection);
        if (closed) {
            close();
        }
    }

    /** Whether a connection waits that the server has closed. */
    boolean firstIdleIsStale() {
        return idle.values().stream()
                .map(ConcurrentLinkedDeque::peekFirst)
                .anyMatch(one -> one != null && one.isStale());
    }

    @Override
    public long safeRetries() {
        return safeRetries.sum();
    }

    @Override
    public void close() {
        closed = true;
        idle.values().forEach(waiting -> {
            for (Http1Connection one = waiting.pollFirst(); one != null; one = waiting.pollFirst()) {
                one.close();
            }
        });
    }
}
