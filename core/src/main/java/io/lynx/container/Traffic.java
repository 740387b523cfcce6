package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open listeners of an application, from the opening to the drain. Thread-safe. */
public final class Traffic {
    private static final Logger log = LoggerFactory.getLogger(Traffic.class);

    @GuardedBy("this")
    private final Map<TrafficListener, String> open = new LinkedHashMap<>();

    /**
     * Opens {@code listeners} of the plugin {@code owner}.
     *
     * @throws Exception what a listener threw; those opened before stay open
     */
    void open(String owner, List<TrafficListener> listeners) throws Exception {
        for (TrafficListener listener : listeners) {
            listener.open();
            synchronized (this) {
                open.put(listener, owner);
            }
        }
    }

    /** The listeners that are open now. */
    public synchronized List<TrafficListener> listeners() {
        return List.copyOf(open.keySet());
    }

    /** Whether any listener is open. */
    public synchronized boolean isOpen() {
        return !open.isEmpty();
    }

    /** Where they can be reached. */
    public List<String> urls() {
        return listeners().stream()
                .flatMap(listener -> listener.urls().stream())
                .toList();
    }

    /** How many requests are being served. */
    public long inFlight() {
        return listeners().stream()
                .map(TrafficListener::inFlight)
                .mapToLong(InFlight::current)
                .sum();
    }

    /** Tells every client to leave as it comes by. */
    public void announceStop() {
        for (TrafficListener listener : listeners()) {
            try {
                listener.announceStop();
            } catch (RuntimeException failure) {
                complain(listener, "announce the stop", failure);
            }
        }
    }

    /**
     * Drains all listeners at once, each on a thread of its own.
     *
     * @return whether all were done at the deadline
     */
    public boolean drain(Deadline deadline) throws InterruptedException {
        return drain(listeners(), deadline);
    }

    private static boolean drain(List<TrafficListener> listeners, Deadline deadline) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(listeners.size());
        List<Thread> threads = new ArrayList<>();
        for (TrafficListener listener : listeners) {
            threads.add(Thread.ofVirtual().name("lynx-drain-" + listener.name()).start(() -> {
                try {
                    listener.drain(deadline);
                } catch (InterruptedException givenUp) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException failure) {
                    complain(listener, "drain", failure);
                } finally {
                    left.countDown();
                }
            }));
        }
        boolean done = left.await(deadline.remainingNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
        if (!done) {
            threads.forEach(Thread::interrupt);
        }
        return done;
    }

    /**
     * Closes all listeners, by force if need be, and forgets them.
     *
     * @return how many requests were cut off in their lives
     */
    public long closeAndCountFailed() {
        List<TrafficListener> all = listeners();
        all.forEach(this::close);
        return all.stream()
                .map(TrafficListener::inFlight)
                .mapToLong(InFlight::failed)
                .sum();
    }

    private void close(TrafficListener listener) {
        try {
            listener.close();
        } catch (RuntimeException failure) {
            complain(listener, "close", failure);
        } finally {
            synchronized (this) {
                open.remove(listener);
            }
        }
    }

    /** Takes the listeners of the plugin {@code owner} through announcement, drain and close. */
    void leave(String owner, Deadline deadline) throws InterruptedException {
        List<TrafficListener> own;
        synchronized (this) {
            own = open.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(owner))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        own.forEach(TrafficListener::announceStop);
        boolean _ = drain(own, deadline);
        own.forEach(this::close);
    }

    private static void complain(TrafficListener listener, String what, RuntimeException failure) {
        log.atWarn().addKeyValue("listener", listener.name()).setCause(failure).log("listener failed to {}", what);
    }
}
