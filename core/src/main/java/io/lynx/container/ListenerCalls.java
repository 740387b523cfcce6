package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls several traffic listeners at the same time and waits for all of them. A call that throws or exceeds its deadline is logged
 * and kept for the report of the plugin that owns the listener. Thread-safe.
 */
final class ListenerCalls {
    private static final Logger log = LoggerFactory.getLogger(ListenerCalls.class);

    private final Scheduler scheduler;

    @GuardedBy("this")
    private final Map<String, Throwable> failures = new HashMap<>();

    ListenerCalls(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Begins a call of each listener and waits for all of them.
     *
     * @param begin returns null if there is nothing to wait for
     * @return whether all returned true by the deadline
     */
    boolean run(
            Collection<GuardedListener> listeners,
            Function<GuardedListener, @Nullable BoundedCall<Boolean>> begin,
            Deadline deadline) {
        Map<GuardedListener, @Nullable BoundedCall<Boolean>> begun = new LinkedHashMap<>();
        listeners.forEach(listener -> begun.put(listener, begin.apply(listener)));
        boolean done = true;
        for (Map.Entry<GuardedListener, @Nullable BoundedCall<Boolean>> call : begun.entrySet()) {
            done &= await(call.getKey(), call.getValue(), deadline);
        }
        return done;
    }

    /** Returns and forgets what went wrong with the listeners of a plugin; null if nothing did. */
    synchronized @Nullable Throwable takeFailure(String owner) {
        return failures.remove(owner);
    }

    /** Waits through interrupts, since the deadline is near; returns whether the call ended normally. */
    private boolean await(GuardedListener listener, @Nullable BoundedCall<Boolean> call, Deadline deadline) {
        if (call == null) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        try {
            return call.await(deadline, scheduler);
        } catch (InterruptedException again) {
            interrupted = true;
            return false;
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            failed(listener, failure);
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void failed(GuardedListener listener, Throwable failure) {
        log.atWarn()
                .addKeyValue("listener", listener.name())
                .addKeyValue("plugin", listener.owner())
                .setCause(UserCode.loggable(failure))
                .log(
                        failure instanceof TimeoutException
                                ? "Traffic listener did not return in time and was left behind; the shutdown goes on"
                                : "Traffic listener failed; the shutdown goes on");
        synchronized (this) {
            failures.merge(listener.owner(), failure, (first, later) -> {
                first.addSuppressed(later);
                return first;
            });
        }
    }
}
