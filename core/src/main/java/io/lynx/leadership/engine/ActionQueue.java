package io.lynx.leadership.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.LeadershipAction;
import io.lynx.leadership.LeadershipEvent;
import io.lynx.time.Scheduler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/*
 * Notices alternate: a gain, its loss, the next gain. A gain whose action has not begun when its term ends is withdrawn together with its
 * loss, so that at most two notices wait. An action that does not return in time is left behind on its interrupted thread.
 */

/** Calls the actions of a leadership one after the other. Thread-safe. */
final class ActionQueue {
    private static final int MOST_RUNNING = 4;

    private final CandidateSettings settings;
    private final BiConsumer<FencingToken, String> onGainFailed;
    /** The actions that run, those that were left behind included. */
    private final AtomicInteger running = new AtomicInteger();

    @GuardedBy("this")
    private final Deque<Notice> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private @Nullable ActionRun current;

    @GuardedBy("this")
    private @Nullable LeadershipAction gained;

    @GuardedBy("this")
    private @Nullable LeadershipAction lost;

    /** The term whose beginning was handled, until its end was handled. */
    @GuardedBy("this")
    private @Nullable FencingToken term;

    /** Whether the action for the gain was called for the present term. */
    @GuardedBy("this")
    private boolean isTold;

    /** A term that ended before there was an action for the loss, while there was one for the gain. */
    @GuardedBy("this")
    private @Nullable FencingToken missed;

    @GuardedBy("this")
    private CompletableFuture<@Nullable Void> idle = CompletableFuture.completedFuture(null);

    private record Notice(boolean isGain, FencingToken token) {}

    /**
     * Creates a queue without actions.
     *
     * @param onGainFailed receives terms whose action for the gain has failed, and why
     */
    ActionQueue(CandidateSettings settings, BiConsumer<FencingToken, String> onGainFailed) {
        this.settings = settings;
        this.onGainFailed = onGainFailed;
    }

    synchronized void onGained(LeadershipAction action) {
        if (gained != null) {
            throw twice("gain");
        }
        gained = action;
        if (term != null && !isTold && waiting.isEmpty() && current == null) {
            enqueue(new Notice(true, term));
        }
    }

    synchronized void onLost(LeadershipAction action) {
        if (lost != null) {
            throw twice("loss");
        }
        lost = action;
        FencingToken ended = missed;
        missed = null;
        if (ended != null) {
            enqueue(new Notice(false, ended));
        }
    }

    private IllegalStateException twice(String what) {
        return new IllegalStateException("leadership '" + settings.name() + "': has an action for the " + what
                + " already; call both things from one action");
    }

    /** A term has begun. */
    synchronized void gained(FencingToken token) {
        enqueue(new Notice(true, token));
    }

    /** A term has ended. */
    synchronized void lost(FencingToken token) {
        Notice last = waiting.peekLast();
        if (last != null && last.isGain() && last.token().equals(token)) {
            Notice _ = waiting.removeLast();
            return;
        }
        if (current != null) {
            current.termEnded(token);
        }
        enqueue(new Notice(false, token));
    }

    /** Returns whether so many actions were left behind that no other should be called. */
    boolean isStuck() {
        return running.get() >= MOST_RUNNING;
    }

    /** Completes when every notice so far has been handled. */
    synchronized CompletableFuture<@Nullable Void> idle() {
        return idle;
    }

    @GuardedBy("this")
    private void enqueue(Notice notice) {
        if (idle.isDone()) {
            idle = new CompletableFuture<>();
        }
        waiting.add(notice);
        if (current == null) {
            next();
        }
    }

    /** Handles notices until there is one whose action must be called. */
    @GuardedBy("this")
    private void next() {
        while (true) {
            Notice notice = waiting.poll();
            if (notice == null) {
                idle.complete(null);
                return;
            }
            LeadershipAction action = actionFor(notice);
            if (action != null) {
                ActionRun run = new ActionRun(notice, action);
                current = run;
                if (run.begin()) {
                    return;
                }
                current = null;
            }
        }
    }

    @GuardedBy("this")
    private @Nullable LeadershipAction actionFor(Notice notice) {
        if (notice.isGain()) {
            term = notice.token();
            missed = null;
            isTold = gained != null;
            return gained;
        }
        boolean wasTold = isTold || gained == null || !notice.token().equals(term);
        if (lost == null && isTold) {
            missed = notice.token();
        }
        term = null;
        isTold = false;
        return wasTold ? lost : null;
    }

    private synchronized void over(ActionRun run) {
        if (run.equals(current)) {
            current = null;
            next();
        }
    }

    /** One call of an action. */
    private final class ActionRun {
        private final Notice notice;
        private final LeadershipAction action;

        @GuardedBy("this")
        private @Nullable Thread worker;

        @GuardedBy("this")
        private boolean isOver;

        @GuardedBy("this")
        private boolean isMoot;

        @GuardedBy("this")
        private Scheduler.@Nullable Scheduled alarm;

        ActionRun(Notice notice, LeadershipAction action) {
            this.notice = notice;
            this.action = action;
        }

        private String name() {
            return notice.isGain() ? "gained" : "lost";
        }

        /** Returns whether it has begun; it cannot when the plugin has stopped. */
        boolean begin() {
            try {
                Thread thread = settings.threads().newThread(this::run);
                synchronized (this) {
                    worker = thread;
                    alarm = settings.scheduler().after(settings.config().actionTimeout(), this::exceeded);
                }
                thread.start();
                return true;
            } catch (RejectedExecutionException | IllegalStateException stopped) {
                return false;
            }
        }

        private void run() {
            running.incrementAndGet();
            try {
                boolean _ = UserCode.run(() -> action.run(notice.token()), this::failed);
            } catch (VirtualMachineError fatal) {
                // It is not caught above; a leader whose work has not begun must not remain the leader.
                failed(fatal);
                throw fatal;
            } finally {
                running.decrementAndGet();
                boolean _ = end();
                over(this);
            }
        }

        private void failed(Throwable failure) {
            // An action that was interrupted since its term has ended may well throw.
            if (end() && !isMoot()) {
                settings.listener().accept(new LeadershipEvent.ActionFailed(notice.token(), name(), failure));
                giveUp("the action for the gain failed: " + UserCode.describe(failure));
            }
        }

        private void exceeded() {
            Thread late;
            synchronized (this) {
                late = worker;
            }
            if (late == null || !end()) {
                return;
            }
            settings.listener()
                    .accept(new LeadershipEvent.ActionOverdue(notice.token(), name(), List.of(late.getStackTrace())));
            late.interrupt();
            giveUp("the action for the gain did not return within "
                    + settings.config().actionTimeout().toMillis() + "ms");
            over(this);
        }

        private void giveUp(String reason) {
            if (notice.isGain()) {
                onGainFailed.accept(notice.token(), reason);
            }
        }

        /** The term for whose gain this was called has ended. */
        synchronized void termEnded(FencingToken token) {
            if (notice.isGain() && notice.token().equals(token) && !isOver && worker != null) {
                isMoot = true;
                worker.interrupt();
            }
        }

        private synchronized boolean isMoot() {
            return isMoot;
        }

        /** Returns whether this is the first end of the call. */
        private boolean end() {
            Scheduler.Scheduled timer;
            synchronized (this) {
                if (isOver) {
                    return false;
                }
                isOver = true;
                worker = null;
                timer = alarm;
            }
            if (timer != null) {
                boolean _ = timer.cancel();
            }
            return true;
        }
    }
}
