package io.lynx.security.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.nimbusds.jose.JWSHeader;
import io.lynx.context.RequestContext;
import io.lynx.context.RequestScope;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer, read again and again in the background. If they cannot be read, those known are used until they are too old. A
 * token with an unknown key has them read at once, but not soon after another reading, and never twice at a time. Thread-safe.
 */
final class IssuerKeys implements KeyFinder, AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_WAITING = 256;

    /** Reads the keys once. */
    @FunctionalInterface
    interface Source {
        KeySet read(@Nullable KeySet before) throws Exception;
    }

    private final IssuerConfig config;
    private final Source source;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final KeyReadings readings;
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile @Nullable KeySet keys;
    private volatile long readAt;

    @GuardedBy("this")
    private @Nullable CompletableFuture<Boolean> running;

    @GuardedBy("this")
    private long attemptedAt;

    @GuardedBy("this")
    private boolean hasAttempted;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled next;

    @GuardedBy("this")
    private boolean isClosed;

    /** Creates keys that have not been read. */
    IssuerKeys(
            IssuerConfig config,
            Source source,
            Ticker ticker,
            Scheduler scheduler,
            ThreadFactory threads,
            KeyReadings readings) {
        this.config = config;
        this.source = source;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.threads = threads;
        this.readings = readings;
    }

    @Override
    public List<VerificationKey> find(JWSHeader header, SignatureAlgorithm algorithm) throws UnjudgedException {
        KeySet known = fresh();
        if (known == null) {
            refresh();
            known = fresh();
            if (known == null) {
                throw unjudged("no keys of issuer " + readings.issuer());
            }
        }
        List<VerificationKey> found = known.find(header, algorithm);
        if (found.isEmpty()) {
            refresh();
            KeySet now = fresh();
            found = now == null ? found : now.find(header, algorithm);
            if (found.isEmpty() && readings.failures() > 0) {
                throw unjudged("unknown key of issuer " + readings.issuer() + ", whose keys cannot be read now");
            }
        }
        return found;
    }

    private static UnjudgedException unjudged(String message) {
        return new UnjudgedException(message, 5);
    }

    /** The keys, unless they are too old. */
    private @Nullable KeySet fresh() {
        KeySet known = keys;
        return known == null || ticker.nanos() - readAt > config.maxStale().toNanos() ? null : known;
    }

    /** Waits for a reading: the one in progress, or another one if the last one was long enough ago. */
    private void refresh() throws UnjudgedException {
        CompletableFuture<Boolean> reading = begin(false);
        if (reading == null) {
            return;
        }
        Deadline deadline = RequestContext.current().deadline().orElse(null);
        long most = 2 * config.timeout().toNanos();
        try {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                throw unjudged("too many requests wait for the keys of issuer " + readings.issuer());
            }
            boolean _ = reading.get(
                    deadline == null ? most : Math.min(most, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unjudged("interrupted while the keys of issuer " + readings.issuer() + " were read");
        } catch (TimeoutException late) {
            throw unjudged("the keys of issuer " + readings.issuer() + " were not read in time");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Begins to read, in the background; null if the last reading was too short a time ago. */
    private synchronized @Nullable CompletableFuture<Boolean> begin(boolean isDue) {
        if (running != null || isClosed) {
            return running;
        }
        long now = ticker.nanos();
        if (!isDue && hasAttempted && now - attemptedAt < config.minRefresh().toNanos()) {
            return null;
        }
        hasAttempted = true;
        attemptedAt = now;
        CompletableFuture<Boolean> reading = new CompletableFuture<>();
        running = reading;
        // Not in the context of the request that needs the keys: all later readings would inherit it.
        RequestScope.of("", null)
                .run(() -> threads.newThread(() -> read(reading)).start());
        return reading;
    }

    private void read(CompletableFuture<Boolean> reading) {
        boolean isRead = false;
        try {
            KeySet before = keys;
            KeySet now = source.read(before);
            readAt = ticker.nanos();
            keys = now;
            if (before != null) {
                before.replacedBy(now);
            }
            isRead = true;
            readings.succeeded(before == null, now.size());
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            readings.failed(failure, consequence());
        } finally {
            finished(isRead, reading);
        }
    }

    private String consequence() {
        return fresh() == null
                ? "its tokens are answered with 503 until they can"
                : "those known are used until they are " + config.maxStale().toMinutes() + " minutes old";
    }

    private void finished(boolean isRead, CompletableFuture<Boolean> reading) {
        synchronized (this) {
            running = null;
            if (!isClosed) {
                if (next != null) {
                    boolean _ = next.cancel();
                }
                next = scheduler.after(pause(isRead), () -> {
                    CompletableFuture<Boolean> _ = begin(true);
                });
            }
        }
        boolean _ = reading.complete(isRead);
    }

    /** Spread by a tenth, so that a fleet does not read at the same time; after failures it grows from a second to a minute. */
    private Duration pause(boolean isRead) {
        Duration pause = config.refresh();
        if (!isRead) {
            Duration growing = FIRST_PAUSE.multipliedBy(1L << Math.min(readings.failures() - 1, 10));
            pause = shorter(shorter(growing, LONGEST_PAUSE), pause);
        }
        long nanos = pause.toNanos();
        return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(nanos / 10 + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Reads the keys for the first time, and goes on in the background.
     *
     * @throws IllegalStateException if they are required and cannot be read within {@code patience}
     * @throws InterruptedException if interrupted while waiting
     */
    void start(Duration patience) throws InterruptedException {
        CompletableFuture<Boolean> reading = begin(true);
        Deadline end = Deadline.after(patience, ticker);
        while (config.startup() == IssuerConfig.ProviderStartup.REQUIRE) {
            if (isDone(reading, end) && keys != null) {
                return;
            }
            if (end.isExpired()) {
                throw new IllegalStateException(
                        "lynx.security.issuers." + readings.issuer() + ": its keys cannot be read from "
                                + readings.place() + " (" + readings.lastFailure()
                                + "); correct the address, or set startup: degrade to start without them");
            }
            reading = awaitNext();
        }
    }

    private static boolean isDone(@Nullable CompletableFuture<Boolean> reading, Deadline end)
            throws InterruptedException {
        try {
            return reading == null || reading.get(end.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException late) {
            return false;
        }
    }

    /** The pause between two attempts passes on the scheduler. */
    private @Nullable CompletableFuture<Boolean> awaitNext() throws InterruptedException {
        CompletableFuture<Boolean> paused = new CompletableFuture<>();
        Scheduler.Scheduled _ = scheduler.after(FIRST_PAUSE, () -> paused.complete(true));
        try {
            boolean _ = paused.get();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        return begin(true);
    }

    /** Returns the age of the keys in seconds; NaN if they were never read. */
    double ageSeconds() {
        return keys == null ? Double.NaN : (ticker.nanos() - readAt) / 1e9;
    }

    /** Returns how many keys are known. */
    int size() {
        KeySet known = keys;
        return known == null ? 0 : known.size();
    }

    /** Returns what became of the readings. */
    KeyReadings readings() {
        return readings;
    }

    /** Returns whether its tokens can be judged. */
    boolean isUsable() {
        return fresh() != null;
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            if (next != null) {
                boolean _ = next.cancel();
            }
        }
    }
}
