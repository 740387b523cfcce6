package io.lynx.metrics;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/*
 * The code of sources cannot be stopped, so it runs on a thread of its own, which polls one source after the other while the
 * scraping thread waits for each result. When a source exceeds its time, its thread is left behind with it, and another
 * thread continues with the next source. A source that is still held by such a thread is not polled again, so there is at
 * most one left-behind thread for each source. All of them are daemons; the usual scrape starts one, which ends with it.
 */

/** Polls the sources of a scrape, each with a deadline. Thread-safe. */
final class TimedCollection {
    private final Duration timeout;
    private final Duration budget;
    private final Ticker ticker;

    /**
     * Creates a collection.
     *
     * @param timeout limits the wait for one source
     * @param budget limits the wait for all of them
     */
    TimedCollection(Duration timeout, Duration budget, Ticker ticker) {
        this.timeout = timeout;
        this.budget = budget;
        this.ticker = ticker;
    }

    /**
     * Polls all sources. If the calling thread is interrupted, it stops waiting: sources without a result by then are reported
     * to neither consumer, since they have not failed; the interrupt flag stays set.
     *
     * @param empty makes the samples that a source fills
     * @param onSamples receives what each source collected, in the order of the sources
     * @param onFailure receives each source without a result, and why
     */
    void collect(
            List<ScrapeSource> sources,
            Supplier<CollectedSamples> empty,
            BiConsumer<ScrapeSource, CollectedSamples> onSamples,
            BiConsumer<ScrapeSource, Throwable> onFailure) {
        if (sources.isEmpty()) {
            return;
        }
        Round round = new Round(sources, empty);
        round.start(0);
        long deadline = ticker.nanos() + budget.toNanos();
        boolean isAbandoned = false;
        for (int i = 0; i < sources.size(); i++) {
            ScrapeSource source = sources.get(i);
            CompletableFuture<CollectedSamples> result = round.results.get(i);
            long left = Math.min(timeout.toNanos(), deadline - ticker.nanos());
            if (left <= 0) {
                round.abandonAll();
            }
            try {
                CollectedSamples _ = result.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            } catch (TimeoutException hanging) {
                round.abandon(i);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                round.abandonAll();
                isAbandoned = true;
            } catch (ExecutionException | CancellationException failure) {
                // The state below tells, also of a result that arrived at the last moment.
            }
            switch (result.state()) {
                case SUCCESS -> onSamples.accept(source, result.resultNow());
                case FAILED -> onFailure.accept(source, result.exceptionNow());
                case CANCELLED, RUNNING -> {
                    if (!isAbandoned) {
                        onFailure.accept(source, overdue(source));
                    }
                }
            }
        }
    }

    /** Its stack trace shows where the source hangs. */
    private IllegalStateException overdue(ScrapeSource source) {
        IllegalStateException failure =
                new IllegalStateException("exceeded its time of " + timeout.toMillis() + " ms, or that of all sources");
        Thread holder = source.holder();
        if (holder != null) {
            failure.setStackTrace(holder.getStackTrace());
        }
        return failure;
    }

    private static final class Round {
        private final List<ScrapeSource> sources;
        private final Supplier<CollectedSamples> empty;
        private final List<CompletableFuture<CollectedSamples>> results;

        Round(List<ScrapeSource> sources, Supplier<CollectedSamples> empty) {
            this.sources = sources;
            this.empty = empty;
            this.results = sources.stream()
                    .map(_ -> new CompletableFuture<CollectedSamples>())
                    .toList();
        }

        void start(int first) {
            Thread.ofPlatform().daemon().name("lynx-metrics-scrape").start(() -> run(first));
        }

        /** Abandons one source and continues behind it on another thread, unless its result has just arrived. */
        void abandon(int index) {
            if (results.get(index).cancel(false) && index + 1 < results.size()) {
                start(index + 1);
            }
        }

        void abandonAll() {
            results.forEach(result -> result.cancel(false));
        }

        @SuppressWarnings("CatchingUnchecked") // A thread's root: whatever a source throws is reported for it.
        private void run(int first) {
            for (int i = first; i < sources.size(); i++) {
                CompletableFuture<CollectedSamples> result = results.get(i);
                boolean isAwaited;
                try {
                    isAwaited = result.complete(poll(sources.get(i)));
                } catch (Throwable failure) {
                    isAwaited = result.completeExceptionally(failure);
                }
                if (!isAwaited) {
                    return;
                }
            }
        }

        private CollectedSamples poll(ScrapeSource source) {
            if (!source.claim()) {
                throw new IllegalStateException("is still held by an earlier scrape");
            }
            CollectedSamples samples = empty.get();
            source.poll(samples);
            return samples;
        }
    }
}
