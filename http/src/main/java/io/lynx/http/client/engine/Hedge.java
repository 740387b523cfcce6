package io.lynx.http.client.engine;

import io.lynx.http.client.engine.call.Answer;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Makes an attempt a second time, beside the first, if that has no answer after a while; the first answer counts, and the other
 * attempt is ended (J. Dean and L. Barroso, The Tail at Scale, 2013). At most one call in ten is hedged, so that a slow server
 * does not get twice the load. Thread-safe.
 */
public final class Hedge {
    private static final long SHARE = 10;

    private final Duration after;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final ThreadFactory threads;
    private final LongAdder calls = new LongAdder();
    private final LongAdder hedges = new LongAdder();

    /** Hedges calls that have no answer after {@code after}. */
    public Hedge(Duration after, Ticker ticker, Scheduler scheduler, ThreadFactory threads) {
        this.after = after;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.threads = threads;
    }

    /** Returns how many second attempts were made. */
    long hedges() {
        return hedges.sum();
    }

    Answer call(Callable<Answer> attempt) throws Exception {
        calls.increment();
        Race race = new Race(attempt);
        Thread first = race.start();
        Thread second = null;
        try {
            boolean isOver = TimedWait.await(race.answer, Deadline.after(after, ticker), scheduler);
            if (!isOver && hedges.sum() * SHARE < calls.sum() + SHARE) {
                hedges.increment();
                second = race.start();
            }
            return race.answer.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw failed;
        } finally {
            first.interrupt();
            if (second != null) {
                second.interrupt();
            }
        }
    }

    /** The attempts of one call. Thread-safe. */
    private final class Race {
        private final Callable<Answer> attempt;
        private final AtomicInteger running = new AtomicInteger();
        final CompletableFuture<Answer> answer = new CompletableFuture<>();

        Race(Callable<Answer> attempt) {
            this.attempt = attempt;
        }

        Thread start() {
            int _ = running.incrementAndGet();
            Thread thread = threads.newThread(this::run);
            thread.start();
            return thread;
        }

        private void run() {
            try {
                answer.complete(attempt.call());
            } catch (Exception | Error failure) {
                // While the other attempt runs, it may still have an answer.
                if (running.decrementAndGet() == 0) {
                    answer.completeExceptionally(failure);
                }
            }
        }
    }
}
