package io.lynx.redis;

import io.lynx.context.RequestContext;
import io.lynx.extension.UserCode;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * A lookup that finds nothing fresh becomes the leader of its key, or waits for the leader.
 *
 *   leader    claims the key in Redis; if another process has it, waits for that process's value for a short time;
 *             then loads the value behind the bulkhead, stores it, and completes the flight
 *   others    return the expired value if there is one, otherwise wait for the flight
 *
 * A flight ends in one of three ways: with a result, with a failure, or abandoned, when the request of the leader ended before the load.
 * Those who wait for an abandoned flight begin again, so that no caller fails because another caller has gone away.
 */

/**
 * The loads of one cache: one at a time for each key, unless the key is invalidated meanwhile, and a bounded number for all. Thread-safe.
 */
@SuppressWarnings("NullableOptional") // Null: nothing is known; empty: it is known that there is none.
final class CacheLoads<K, V> {
    private static final Duration OTHER_PROCESS = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(25);

    private final CacheStore<V> store;
    private final CacheOptions options;
    private final CacheLoader<K, V> loader;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final Bulkhead places;
    private final MetricRegistry registry;
    private final Histogram duration;
    private final ConcurrentHashMap<String, Flight<V>> flights = new ConcurrentHashMap<>();

    /** One load that others may wait for. */
    private static final class Flight<V> {
        private final Thread leader = Thread.currentThread();
        /** Completes with the value, with the failure of the load, or with null if it was abandoned. */
        private final CompletableFuture<@Nullable Optional<V>> result = new CompletableFuture<>();

        private volatile boolean isForgotten;
    }

    CacheLoads(CacheStore<V> store, CacheOptions options, CacheLoader<K, V> loader, PluginContext context) {
        this.store = store;
        this.options = options;
        this.loader = loader;
        this.scheduler = context.scheduler();
        this.ticker = context.ticker();
        this.places = Bulkhead.of("cache." + options.name(), options.maxLoads(), options.maxWait());
        this.registry = context.metrics().registry();
        this.duration = registry.histogram(RedisMetrics.LOADS, options.name());
    }

    /** Lets the result of a load in progress be returned to those who wait for it, but neither to later lookups nor be stored. */
    void forget(K key) {
        Flight<V> flight = flights.remove(key.toString());
        if (flight != null) {
            flight.isForgotten = true;
        }
    }

    /**
     * Returns the value from the source, or an expired one.
     *
     * @throws CacheLoadException if it cannot be loaded
     */
    Optional<V> load(K key, byte[] id, CacheStore.Found<V> found) {
        String name = key.toString();
        while (true) {
            Flight<V> mine = new Flight<>();
            Flight<V> other = flights.putIfAbsent(name, mine);
            if (other == null) {
                return lead(key, id, found, name, mine);
            }
            if (other.leader.equals(Thread.currentThread())) {
                throw new IllegalStateException("cache '" + options.name()
                        + "': the loader of a key looks up the same key; load it from the source");
            }
            Optional<V> stale = stale(found);
            if (stale != null) {
                answeredStale("refresh");
                return stale;
            }
            Optional<V> result = await(other);
            if (result != null) {
                return result;
            }
        }
    }

    private @Nullable Optional<V> stale(CacheStore.Found<V> found) {
        return options.staleIfError().isZero() ? null : found.value();
    }

    private void answeredStale(String reason) {
        registry.counter(RedisMetrics.STALE, options.name(), reason).increment();
    }

    private Deadline limit(Duration most) {
        Deadline own = Deadline.after(most, ticker);
        return RequestContext.current().deadline().map(own::earliest).orElse(own);
    }

    private @Nullable Optional<V> await(Flight<V> other) {
        boolean isDone;
        try {
            isDone = TimedWait.await(other.result, limit(options.loadTimeout()), scheduler);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while waiting for another caller's load", interrupted);
        }
        if (!isDone) {
            throw failure("another caller's load takes too long", new TimeoutException("no value in time"));
        }
        if (other.result.isCompletedExceptionally()) {
            Throwable cause = other.result.exceptionNow();
            throw new CacheLoadException(
                    UserCode.messageOf(cause), cause.getCause() == null ? cause : cause.getCause());
        }
        return other.result.resultNow();
    }

    private CacheLoadException failure(@Nullable String reason, Throwable cause) {
        return new CacheLoadException("cache '" + options.name() + "': " + reason, cause);
    }

    private Optional<V> lead(K key, byte[] id, CacheStore.Found<V> found, String name, Flight<V> mine) {
        boolean isClaimed = false;
        // By this process's clock the claim ends earlier than at the server.
        Deadline claim = Deadline.after(options.loadTimeout(), ticker);
        try {
            Optional<V> stale = stale(found);
            if (found.isReachable()) {
                isClaimed = store.claim(id);
                if (!isClaimed) {
                    if (stale != null) {
                        answeredStale("refresh");
                        return complete(mine, stale);
                    }
                    Optional<V> theirs = awaitOtherProcess(id);
                    if (theirs != null) {
                        return complete(mine, theirs);
                    }
                }
            }
            return complete(mine, source(key, id, found, mine));
        } catch (CacheLoadException failure) {
            Optional<V> stale = stale(found);
            if (stale != null) {
                answeredStale("error");
                return complete(mine, stale);
            }
            if (!isOver(failure)) {
                boolean _ = mine.result.completeExceptionally(failure);
            }
            throw failure;
        } finally {
            boolean _ = flights.remove(name, mine);
            boolean _ = mine.result.complete(null);
            if (isClaimed && !claim.isExpired()) { // Later it would be the claim of another process.
                store.release(id);
            }
        }
    }

    private static boolean isOver(CacheLoadException failure) {
        return failure.getCause() instanceof InterruptedException
                || RequestContext.current().isCancelled();
    }

    private Optional<V> complete(Flight<V> mine, Optional<V> value) {
        boolean _ = mine.result.complete(value);
        return value;
    }

    /** Waits for the value that another process is loading; returns null if it does not come. */
    private @Nullable Optional<V> awaitOtherProcess(byte[] id) {
        Deadline limit =
                limit(OTHER_PROCESS.compareTo(options.loadTimeout()) < 0 ? OTHER_PROCESS : options.loadTimeout());
        CompletableFuture<@Nullable Void> never = new CompletableFuture<>();
        try {
            while (!limit.isExpired()) {
                boolean _ = TimedWait.await(never, limit.atMost(POLL), scheduler);
                boolean isLoading = store.isClaimed(id);
                CacheStore.Found<V> found = store.read(id);
                if (found.value() != null && found.isFresh()) {
                    return found.value();
                }
                if (!isLoading) {
                    return null; // It has failed, or has stored nothing.
                }
            }
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while waiting for another process", interrupted);
        }
    }

    private Optional<V> source(K key, byte[] id, CacheStore.Found<V> found, Flight<V> mine) {
        long began = 0;
        String outcome = "failed";
        try (Bulkhead.Slot _ = places.acquire()) {
            began = ticker.nanos();
            Optional<V> value = Optional.ofNullable(loader.load(key));
            duration.record(Duration.ofNanos(ticker.nanos() - began));
            outcome = value.isPresent() ? "loaded" : "absent";
            if (found.isReachable() && !mine.isForgotten) {
                boolean _ = store.write(id, value);
                if (mine.isForgotten) { // Since then, so that the value may be older than the change.
                    boolean _ = store.delete(id);
                }
            }
            return value;
        } catch (BulkheadFullException full) {
            outcome = "rejected";
            throw failure("too many loads are in progress: " + full.getMessage(), full);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while loading", interrupted);
        } catch (Throwable thrown) {
            UserCode.rethrowIfFatal(thrown);
            throw failure(UserCode.describe(thrown), thrown);
        } finally {
            registry.counter(RedisMetrics.LOAD_OUTCOMES, options.name(), outcome)
                    .increment();
        }
    }
}
