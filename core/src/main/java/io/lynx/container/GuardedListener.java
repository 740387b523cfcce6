package io.lynx.container;

import io.lynx.extension.UserCode;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A traffic listener whose every call has a deadline and a thread that can be left behind, so that one that throws or hangs
 * holds up neither the start nor the shutdown. Each call is made at most once. Thread-safe.
 */
final class GuardedListener {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

    private final TrafficListener listener;
    private final String owner;
    private final String name;
    private final Scheduler scheduler;
    private final AtomicBoolean announced = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable BoundedCall<Boolean>> drain = new AtomicReference<>();
    private volatile InFlight inFlight = new InFlight();
    private volatile List<String> urls = List.of();
    private volatile boolean opened;
    private volatile boolean accepting;
    private volatile boolean isInspectionReported;
    private volatile @Nullable BoundedCall<Boolean> inspection;

    /** Creates the guard of a listener. It calls {@link TrafficListener#name} on the caller's thread, which is the plugin's. */
    GuardedListener(TrafficListener listener, String owner, Scheduler scheduler) {
        this.listener = listener;
        this.owner = owner;
        this.scheduler = scheduler;
        this.name = Objects.requireNonNull(listener.name(), "traffic listener: its name is null");
    }

    TrafficListener listener() {
        return listener;
    }

    String owner() {
        return owner;
    }

    String name() {
        return name;
    }

    InFlight inFlight() {
        return inFlight;
    }

    List<String> urls() {
        return urls;
    }

    private String call(String method) {
        return method + " of traffic listener '" + name + "' (plugin " + owner + ")";
    }

    /**
     * Opens it.
     *
     * @throws Exception if it cannot be opened, or not in time; should it open later, it is closed at once
     */
    void open(Deadline deadline) throws Exception {
        boolean _ = BoundedCall.begin(call("open"), this::openNow, _ -> listener.close())
                .await(deadline, scheduler);
    }

    private boolean openNow() throws Exception {
        listener.open();
        inFlight = Objects.requireNonNull(listener.inFlight(), call("inFlight") + " returned null");
        urls = List.copyOf(listener.urls());
        accepting = UserCode.call(listener::isAccepting, false, this::inspectionFailed);
        opened = true;
        return true;
    }

    /** Returns whether it has opened, has not been closed, and clients could connect when it was last inspected. */
    boolean isAccepting() {
        return opened && !closed.get() && accepting;
    }

    /**
     * Begins to find out whether clients can connect; null if it is not open, if the inspection before has not returned, or if there
     * is no thread for it. By one thread at a time.
     */
    @Nullable
    BoundedCall<Boolean> beginInspection() {
        BoundedCall<Boolean> before = inspection;
        if (!opened || closed.get() || (before != null && before.isRunning())) {
            return null;
        }
        BoundedCall<Boolean> begun = BoundedCall.begin(call("isAccepting"), listener::isAccepting);
        inspection = begun;
        return begun.hasBegun() ? begun : null;
    }

    /** Ends an inspection. One that fails or does not return by the deadline means that no client can connect. */
    void endInspection(BoundedCall<Boolean> begun, Deadline deadline) throws InterruptedException {
        try {
            accepting = begun.await(deadline, scheduler);
            isInspectionReported = false;
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            accepting = false;
            inspectionFailed(failure);
        }
    }

    /** Logs the first of several failures in a row. */
    private void inspectionFailed(Throwable failure) {
        if (!isInspectionReported) {
            isInspectionReported = true;
            LOG.atWarn()
                    .addKeyValue("listener", name)
                    .addKeyValue("plugin", owner)
                    .setCause(UserCode.loggable(failure))
                    .log("isAccepting of a traffic listener failed; the listener counts as one that accepts no"
                            + " connections");
        }
    }

    /** Begins to add its requests in flight to {@code all}. */
    BoundedCall<Boolean> beginRequests(int limit, Collection<RequestInFlight> all) {
        return BoundedCall.begin(call("requests"), () -> all.addAll(List.copyOf(listener.requests(limit))));
    }

    /** Begins the announcement of the stop; null if it was made before. */
    @Nullable
    BoundedCall<Boolean> beginAnnouncement() {
        return announced.compareAndSet(false, true)
                ? BoundedCall.begin(call("announceStop"), () -> {
                    listener.announceStop();
                    return true;
                })
                : null;
    }

    /** Begins the drain; returns the one that has begun if there is one. */
    BoundedCall<Boolean> beginDrain(Deadline deadline) {
        BoundedCall<Boolean> begun = drain.get();
        if (begun != null) {
            return begun;
        }
        synchronized (drain) {
            BoundedCall<Boolean> first = drain.get();
            if (first == null) {
                first = BoundedCall.begin(call("drain"), () -> {
                    try {
                        listener.drain(deadline);
                        return true;
                    } catch (InterruptedException cutOff) {
                        return false;
                    }
                });
                drain.set(first);
            }
            return first;
        }
    }

    /** Begins to close it; null if that was done before. */
    @Nullable
    BoundedCall<Boolean> beginClose() {
        return closed.compareAndSet(false, true)
                ? BoundedCall.begin(call("close"), () -> {
                    listener.close();
                    return true;
                })
                : null;
    }
}
