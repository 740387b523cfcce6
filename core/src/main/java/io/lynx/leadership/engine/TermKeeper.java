package io.lynx.leadership.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.health.Health;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.leadership.LeadershipEvent.EndOfTerm;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/*
 *   waiting ──time──▶ acquiring ──granted──▶ leading ──renewed each third──▶ leading
 *      ▲                  │                     │
 *      └──occupied, failed┴──────ended──────────┘          close: no further call is made, the lease is released
 *
 * By the clock of this instance a lease begins when its call is made, and ends a twentieth before its time: earlier than at the backend,
 * which received the call later. So the leader knows that its term is over before the backend grants another, unless the process is
 * suspended or the clocks differ by more than that. A call that exceeds a third of the lease counts as failed. When it returns later, a
 * renewal still counts, and a lease that it acquired is released, as one that it renewed after the end of the term.
 */

/** Acquires the lease of one candidacy, renews it during the term, and ends the term, until it is closed. Thread-safe. */
final class TermKeeper {
    /** The share of the lease by which it ends earlier here than at the backend. */
    private static final int RESERVE = 20;

    /** The share of the lease after which a renewal that failed is repeated. */
    private static final int REPEAT = 15;

    private final CandidateSettings settings;
    private final Duration lease;
    private final ActionQueue actions;
    private final BackendAnswers answers;
    private final LeaseCalls calls;
    private final CandidateTimers timers;
    private volatile @Nullable Term term;

    @GuardedBy("this")
    private @Nullable LeaseCall<?> call;

    @GuardedBy("this")
    private long attempts;

    @GuardedBy("this")
    private boolean isClosed;

    /**
     * What a close found.
     *
     * @param term which it has ended, and whose lease must be released; null if this instance was not the leader
     * @param inProgress the call that has not returned; null if there is none
     */
    record Closing(@Nullable Term term, @Nullable LeaseCall<?> inProgress) {}

    /** Creates one that makes no calls before {@link #begin}. */
    TermKeeper(CandidateSettings settings) {
        this.settings = settings;
        this.lease = settings.config().lease();
        this.actions = new ActionQueue(settings, this::giveUp);
        this.answers = new BackendAnswers(settings);
        this.calls = new LeaseCalls(settings, answers);
        this.timers = new CandidateTimers(settings.scheduler());
    }

    /** Begins: tries to acquire the lease, again and again. */
    void begin() {
        timers.callAfter(settings.spread(settings.config().pause(), 0, 0.1), this::acquire);
    }

    /** Returns the queue that calls the actions for the gain and the loss. */
    ActionQueue actions() {
        return actions;
    }

    /** Returns the token of the present term, by the clock of this instance. */
    Optional<FencingToken> token() {
        Term current = term;
        return current == null || current.remaining(now()) <= 0 ? Optional.empty() : Optional.of(current.token());
    }

    /** Returns whether the candidacy works: degraded if the backend has not answered for the time of two leases. */
    Health health() {
        return answers.health(token());
    }

    private long now() {
        return settings.ticker().nanos();
    }

    private void acquireAfter(Duration delay) {
        timers.callAfter(settings.spread(delay, 0.75, 1.25), this::acquire);
    }

    private void acquire() {
        LeaseCall<LeaseAnswer> made;
        synchronized (this) {
            if (isClosed || term != null) {
                return;
            }
            if (call != null || actions.isStuck()) { // A renewal of the term that has ended may be in progress.
                acquireAfter(settings.config().pause());
                return;
            }
            attempts++;
            made = calls.acquire(attempts, new Acquisition(this, answers));
            call = made;
        }
        made.begin();
    }

    private void renew(Term current) {
        LeaseCall<Boolean> made;
        synchronized (this) {
            if (!current.equals(term) || call != null) {
                return;
            }
            made = calls.renew(current.lease(), new Renewal(this, answers, current));
            call = made;
        }
        made.begin();
    }

    private void renewLater(Term current, long began) {
        Duration pause = settings.spread(lease.dividedBy(3), 0.85, 1).minusNanos(now() - began);
        timers.callAfter(pause, () -> renew(current));
    }

    /** Returns when a lease ends whose call was made then. */
    private long until(long began) {
        return began + lease.minus(lease.dividedBy(RESERVE)).toNanos();
    }

    private void watch(Term current) {
        timers.expireAfter(Duration.ofNanos(current.remaining(now())), () -> checkExpiry(current));
    }

    private void checkExpiry(Term current) {
        synchronized (this) {
            if (!current.equals(term)) {
                return;
            }
            if (current.remaining(now()) > 0) {
                watch(current);
                return;
            }
            leave(current, settings.config().pause()); // Within this lock, as a renewal may be answered just now.
        }
        tell(current, EndOfTerm.LOST, "it was not renewed in time" + answers.reason());
    }

    /** Ends a term if it is the present one; returns whether it was. */
    private boolean end(Term ended, EndOfTerm cause, String reason, Duration pause) {
        synchronized (this) {
            if (!ended.equals(term)) {
                return false;
            }
            leave(ended, pause);
        }
        tell(ended, cause, reason);
        return true;
    }

    @GuardedBy("this")
    private void leave(Term ended, Duration pause) {
        term = null;
        timers.cancel();
        actions.lost(ended.token());
        timers.callAfter(settings.spread(pause, 1, 1.25), this::acquire);
    }

    private void tell(Term ended, EndOfTerm cause, String reason) {
        settings.listener().accept(new LeadershipEvent.Ended(ended.token(), cause, reason));
    }

    private void giveUp(FencingToken token, String reason) {
        Term current = term;
        if (current != null && current.token().equals(token) && end(current, EndOfTerm.GIVEN_UP, reason, lease)) {
            releaseAfterActions(current);
        }
    }

    private void releaseAfterActions(Term ended) {
        var _ = actions.idle().thenRun(() -> {
            var _ = calls.release(ended.lease());
        });
    }

    /** Makes no further call and ends the term. Its lease is not released yet, since the action for the loss is still to return. */
    Closing close() {
        Term current;
        LeaseCall<?> inProgress;
        synchronized (this) {
            isClosed = true;
            current = term;
            inProgress = call;
            timers.close();
        }
        boolean wasLeader = current != null && end(current, EndOfTerm.RELEASED, "its candidacy has ended", lease);
        return new Closing(wasLeader ? current : null, inProgress);
    }

    /**
     * Releases a lease whose actions have returned, on another thread.
     *
     * @return completes when it is over
     */
    CompletableFuture<@Nullable Void> release(Term ended) {
        return calls.release(ended.lease());
    }

    /** The backend has granted a lease. */
    void granted(Lease granted, long began, boolean isLate) {
        Term begun = new Term(granted, until(began));
        boolean isAccepted;
        synchronized (this) {
            isAccepted = !isLate && !isClosed && begun.remaining(now()) > 0;
            if (isAccepted) {
                term = begun;
                watch(begun);
                renewLater(begun, began);
                actions.gained(begun.token());
            } else if (!isLate) {
                acquireAfter(settings.config().pause());
            }
            if (!isLate) {
                call = null;
            }
        }
        if (isAccepted) {
            settings.listener().accept(new LeadershipEvent.Gained(begun.token()));
        } else {
            calls.releaseNow(granted);
        }
    }

    /** Another instance has the lease, for {@code remaining} or longer. */
    synchronized void occupied(Duration remaining) {
        call = null;
        Duration pause = settings.config().pause();
        if (!remaining.isNegative() && remaining.compareTo(pause) < 0) {
            timers.callAfter(remaining.plus(settings.spread(pause, 0, 0.1)), this::acquire);
        } else {
            acquireAfter(pause);
        }
    }

    synchronized void acquireFailed() {
        call = null;
        acquireAfter(answers.backoff());
    }

    /** The backend has answered whether a term goes on. */
    void renewed(Term current, boolean isHeld, long began, boolean isLate) {
        boolean isOver;
        synchronized (this) {
            isOver = !current.equals(term);
            if (isHeld) {
                current.extend(until(began));
            }
            if (!isLate) {
                call = null;
                if (isHeld && current.equals(term)) {
                    renewLater(current, began);
                }
            }
        }
        if (!isHeld) {
            boolean _ = end(
                    current,
                    EndOfTerm.LOST,
                    "the backend has ended its lease",
                    settings.config().pause());
        } else if (isOver) {
            // The answer came too late for the term; without this, no instance would be the leader for one more lease.
            releaseAfterActions(current);
        }
    }

    synchronized void renewFailed(Term current) {
        call = null;
        if (current.equals(term)) {
            timers.callAfter(settings.spread(lease.dividedBy(REPEAT), 0.75, 1.25), () -> renew(current));
        }
    }
}
