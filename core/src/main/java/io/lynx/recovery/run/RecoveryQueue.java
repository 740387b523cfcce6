package io.lynx.recovery.run;

import io.lynx.extension.UserCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The components that wait for their recovery, and the platform thread that starts the recoveries, the worst first. The
 * thread exists only while there is something to do, and calls no user code. Thread-safe.
 */
final class RecoveryQueue {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryQueue.class);
    private static final int IDLE_SECONDS = 10;

    private final Starter starter;
    private final Consumer<Component> onFailure;
    private final Queue<Component> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final ThreadPoolExecutor dispatcher;

    /** Components that wait for a slot or the budget; for the dispatcher only. */
    private final List<Component> waiting = new ArrayList<>();

    /** What becomes of a component whose turn has come. */
    enum Turn {
        /** It left the queue. */
        OVER,
        /** It stays for another look, as a worse error took the place of the queued one. */
        AGAIN,
        /** Nothing can be started now; the queue is woken when that changes. */
        WAIT
    }

    /** Starts the recovery of a queued component, on the dispatcher. */
    @FunctionalInterface
    interface Starter {
        Turn start(Component component, Component.Queued queued);
    }

    /**
     * Creates an empty queue.
     *
     * @param onFailure receives a component that {@code starter} threw for, and makes it accept its next error
     */
    RecoveryQueue(Starter starter, Consumer<Component> onFailure) {
        this.starter = starter;
        this.onFailure = onFailure;
        this.dispatcher = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("lynx-recovery-dispatcher").daemon().factory());
        dispatcher.allowCoreThreadTimeOut(true);
    }

    /** Accepts a component that was just changed to QUEUED. */
    void add(Component component) {
        arrivals.add(component);
        wake();
    }

    /** Makes the dispatcher look at the queue again. */
    void wake() {
        if (isWoken.compareAndSet(false, true)) {
            try {
                dispatcher.execute(this::dispatch);
            } catch (RuntimeException | OutOfMemoryError noThread) {
                isWoken.set(false);
                LOG.atWarn().setCause(noThread).log("No thread for recoveries; trying again with the next error");
            }
        }
    }

    /** Runs {@code task} after the dispatch that is in progress; returns false if there is no thread for it. */
    boolean afterDispatch(Runnable task) {
        try {
            dispatcher.execute(task);
            return true;
        } catch (RuntimeException | OutOfMemoryError noThread) {
            return false;
        }
    }

    /** Returns whether a dispatch has been requested and has not begun. */
    boolean isDispatchDue() {
        return isWoken.get();
    }

    /** Ends the thread as soon as it has nothing to do, so that a shutdown leaves none behind. */
    void endThreadSoon() {
        dispatcher.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }

    /** Returns whether the dispatcher has nothing to do. */
    boolean isIdle() {
        return !isWoken.get() && dispatcher.getActiveCount() == 0 && arrivals.isEmpty();
    }

    private void dispatch() {
        isWoken.set(false);
        for (Component arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            waiting.add(arrival);
        }
        while (!waiting.isEmpty()) {
            Component worst = worst();
            switch (turn(worst)) {
                case OVER -> waiting.remove(worst);
                case AGAIN -> {}
                case WAIT -> {
                    return;
                }
            }
        }
    }

    /** Starts a recovery; one that cannot be started, for want of a class for example, does not keep the others from it. */
    private Turn turn(Component component) {
        try {
            return component.state() instanceof Component.Queued queued ? starter.start(component, queued) : Turn.OVER;
        } catch (Throwable failure) {
            waiting.remove(component);
            boolean _ = UserCode.run(() -> onFailure.accept(component), _ -> {});
            if (UserCode.isFatal(failure)) {
                wake();
                throw failure;
            }
            LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .addKeyValue("component", component.name())
                    .log("Recovery could not be started; the component is tried again at its next error or attempt");
            return Turn.OVER;
        }
    }

    private Component worst() {
        Component worst = waiting.getFirst();
        for (Component other : waiting) {
            if (urgency(other) > urgency(worst)) {
                worst = other;
            }
        }
        return worst;
    }

    private static int urgency(Component component) {
        return component.state() instanceof Component.Queued(RecordedError error)
                ? RecoveryPolicy.ofComponent(error.record())
                : Integer.MAX_VALUE;
    }
}
