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
 * The code of others cannot be stopped, so it runs on a thread of its own, which asks one participant after the other while
 * the thread that scrapes waits for each answer. If one does not come in time, the asking thread is left behind with
 * whoever holds it, and another goes on with the next. Who is still held is not asked again, so that there is never more
 * than one such thread for each participant. All of them are daemons; the usual scrape starts one, and it ends with the
 * scrape.
 */

/** Asks participants of a scrape, each with a deadline. Thread-safe. */
final class Inquiry {
    private final Duration patience;
    private final Duration budget;
    private final Ticker ticker;

    /**
     * One that waits.
     *
     * @param patience how long for one answer
     * @param budget how long for all
     */
    Inquiry(Duration patience, Duration budget, Ticker ticker) {
        this.patience = patience;
        this.budget = budget;
        this.ticker = ticker;
    }

    /**
     * Asks all of them. If the thread that asks is interrupted, nobody waits any more: who has not answered by then is told
     * of to neither, as it has not failed; the interrupt flag stays set.
     *
     * @param said is told in their order what each said
     * @param failed is told who said nothing, and why
     */
    void ask(
            List<Participant> participants,
            Supplier<Contribution> empty,
            BiConsumer<Participant, Contribution> said,
            BiConsumer<Participant, Throwable> failed) {
        if (participants.isEmpty()) {
            return;
        }
        Round round = new Round(participants, empty);
        round.start(0);
        long deadline = ticker.nanos() + budget.toNanos();
        boolean isAbandoned = false;
        for (int i = 0; i < participants.size(); i++) {
            Participant asked = participants.get(i);
            CompletableFuture<Contribution> answer = round.answers.get(i);
            long left = Math.min(patience.toNanos(), deadline - ticker.nanos());
            if (left <= 0) {
                round.leaveAll();
            }
            try {
                Contribution _ = answer.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            } catch (TimeoutException hanging) {
                round.leave(i);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                round.leaveAll();
                isAbandoned = true;
            } catch (ExecutionException | CancellationException failure) {
                // Seen below, as is an answer that came at the last moment.
            }
            switch (answer.state()) {
                case SUCCESS -> said.accept(asked, answer.resultNow());
                case FAILED -> failed.accept(asked, answer.exceptionNow());
                case CANCELLED, RUNNING -> {
                    if (!isAbandoned) {
                        failed.accept(
                                asked,
                                new IllegalStateException("no answer in time; " + patience.toMillis() + " ms each"));
                    }
                }
            }
        }
    }

    private static final class Round {
        private final List<Participant> participants;
        private final Supplier<Contribution> empty;
        private final List<CompletableFuture<Contribution>> answers;

        Round(List<Participant> participants, Supplier<Contribution> empty) {
            this.participants = participants;
            this.empty = empty;
            this.answers = participants.stream()
                    .map(_ -> new CompletableFuture<Contribution>())
                    .toList();
        }

        void start(int first) {
            Thread.ofPlatform().daemon().name("lynx-metrics-scrape").start(() -> run(first));
        }

        /** Gives up on one, and lets another thread go on behind it unless its answer has come just now. */
        void leave(int index) {
            if (answers.get(index).cancel(false) && index + 1 < answers.size()) {
                start(index + 1);
            }
        }

        void leaveAll() {
            answers.forEach(answer -> answer.cancel(false));
        }

        @SuppressWarnings("CatchingUnchecked") // Whatever others throw belongs to them, and this is a thread's root.
        private void run(int first) {
            for (int i = first; i < participants.size(); i++) {
                CompletableFuture<Contribution> answer = answers.get(i);
                boolean isAwaited;
                try {
                    isAwaited = answer.complete(ask(participants.get(i)));
                } catch (Throwable failure) {
                    isAwaited = answer.completeExceptionally(failure);
                }
                if (!isAwaited) {
                    return;
                }
            }
        }

        private Contribution ask(Participant participant) {
            if (!participant.claim()) {
                throw new IllegalStateException("is still held by an earlier scrape");
            }
            Contribution contribution = empty.get();
            participant.ask(contribution);
            return contribution;
        }
    }
}
