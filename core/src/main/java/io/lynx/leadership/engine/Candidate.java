package io.lynx.leadership.engine;

import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.leadership.LeadershipAction;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One instance's candidacy for a leadership, from its begin to the release of its lease. Thread-safe. */
public final class Candidate implements Leadership {
    private final CandidateSettings settings;
    private final TermKeeper terms;
    private final AtomicBoolean isFinishing = new AtomicBoolean();
    private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
    private volatile Runnable withdrawal = () -> {};

    /** Creates a candidacy that has not begun. */
    public Candidate(CandidateSettings settings) {
        this.settings = settings;
        this.terms = new TermKeeper(settings);
    }

    /** Begins: tries to acquire the lease, again and again. */
    public void begin() {
        terms.begin();
    }

    /**
     * Sets what the {@link #close} runs at once, before the term has ended.
     *
     * @param action must not block or throw; may run more than once
     */
    public void onClose(Runnable action) {
        withdrawal = action;
    }

    /** Completes when the candidacy has ended, whether it was closed or its plugin stops. */
    public CompletableFuture<@Nullable Void> finished() {
        return finished.copy();
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Leadership onGained(LeadershipAction action) {
        terms.actions().onGained(action);
        return this;
    }

    @Override
    public Leadership onLost(LeadershipAction action) {
        terms.actions().onLost(action);
        return this;
    }

    @Override
    public Optional<FencingToken> token() {
        return terms.token();
    }

    /** Returns whether the candidacy works: degraded if the backend has not answered for the time of two leases. */
    public Health health() {
        return terms.health();
    }

    /**
     * Ends the candidacy: calls the action for the loss, and releases the lease when it has returned. If another thread does that
     * already, waits for it.
     *
     * @param deadline by when this returns; a lease that is not released by then ends when its time is over
     */
    public void finish(Deadline deadline) throws InterruptedException {
        if (!isFinishing.compareAndSet(false, true)) {
            boolean _ = TimedWait.await(finished, deadline, settings.scheduler());
            return;
        }
        try {
            finish(terms.close(), deadline);
        } finally {
            boolean _ = finished.complete(null);
        }
    }

    private void finish(TermKeeper.Closing closing, Deadline deadline) throws InterruptedException {
        Deadline forActions = deadline.minus(deadline.remaining().dividedBy(4));
        boolean _ = TimedWait.await(terms.actions().idle(), forActions, settings.scheduler());
        Term ended = closing.term();
        if (ended != null) {
            boolean _ = TimedWait.await(terms.release(ended), deadline, settings.scheduler());
        }
        LeaseCall<?> inProgress = closing.inProgress();
        if (inProgress != null) {
            boolean _ = TimedWait.await(inProgress.over(), deadline, settings.scheduler());
        }
    }

    @Override
    public void close() {
        withdrawal.run();
        Duration most =
                settings.config().actionTimeout().plus(settings.config().lease().dividedBy(3));
        boolean _ = UserCode.run(
                () -> settings.threads()
                        .newThread(() -> finishQuietly(Deadline.after(most, settings.ticker())))
                        .start(),
                _ -> {}); // The plugin has stopped, and with it the candidacy.
    }

    private void finishQuietly(Deadline deadline) {
        try {
            finish(deadline);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
