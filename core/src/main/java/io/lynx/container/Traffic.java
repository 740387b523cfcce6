package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The traffic listeners of an application. A listener that throws or hangs is named in the log and in the report of its plugin's
 * stop; the others are not affected. Thread-safe.
 */
public final class Traffic {
    /** The deadline of calls that should return at once. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    /** Only requests whose threads call System.exit are excused. */
    private static final int MOST_EXCUSED = 1_000;

    private final Ticker ticker;
    private final ListenerCalls calls;

    @GuardedBy("this")
    private final Set<GuardedListener> open = new LinkedHashSet<>();

    /** Those of the most recent start of each plugin, closed ones included. */
    @GuardedBy("this")
    private final Map<String, List<GuardedListener>> expected = new LinkedHashMap<>();

    /** Whether all listeners are being drained or closed: one that opens now would escape that. */
    @GuardedBy("this")
    private boolean isEnding;

    private volatile Runnable onChange = () -> {};

    Traffic(Ticker ticker, Scheduler scheduler) {
        this.ticker = ticker;
        this.calls = new ListenerCalls(scheduler);
    }

    /**
     * Opens the listeners of a plugin.
     *
     * @throws CancellationException if all listeners are being drained or closed; one that has opened meanwhile is closed
     * @throws Exception what a listener threw; those opened before stay open
     */
    void open(String owner, List<GuardedListener> listeners, Deadline deadline) throws Exception {
        synchronized (this) {
            expected.put(owner, listeners);
        }
        try {
            for (GuardedListener listener : listeners) {
                listener.open(deadline);
                if (!isAdded(listener)) {
                    close(List.of(listener), Deadline.after(PROMPT, ticker));
                    throw new CancellationException(
                            "traffic listener '" + listener.name() + "': opened after the drain began");
                }
            }
        } finally {
            onChange.run();
        }
    }

    private synchronized boolean isAdded(GuardedListener listener) {
        return !isEnding && open.add(listener);
    }

    /** Returns the open listeners; there will be no others. */
    private synchronized List<GuardedListener> last() {
        isEnding = true;
        return guarded();
    }

    /** Sets what runs after a listener was opened or closed; it must not block. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /** Finds out whether the open listeners accept connections. Waits at most a second. */
    public void inspect() throws InterruptedException {
        Deadline prompt = Deadline.after(PROMPT, ticker);
        Map<GuardedListener, BoundedCall<Boolean>> inspections = new LinkedHashMap<>();
        for (GuardedListener listener : guarded()) {
            BoundedCall<Boolean> call = listener.beginInspection();
            if (call != null) {
                inspections.put(listener, call);
            }
        }
        for (Map.Entry<GuardedListener, BoundedCall<Boolean>> call : inspections.entrySet()) {
            call.getKey().endInspection(call.getValue(), prompt);
        }
    }

    /** Returns the listeners that should accept connections, each with whether it did when it was last inspected. */
    public List<ListenerStatus> statuses() {
        List<GuardedListener> all;
        synchronized (this) {
            all = expected.values().stream().flatMap(List::stream).toList();
        }
        return all.stream()
                .map(listener -> new ListenerStatus(listener.owner(), listener.name(), listener.isAccepting()))
                .toList();
    }

    private synchronized List<GuardedListener> guarded() {
        return List.copyOf(open);
    }

    /** Returns the number of requests in flight of each listener that has some, by its name. */
    public Map<String, Long> inFlightByListener() {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (GuardedListener listener : guarded()) {
            long current = listener.inFlight().current();
            if (current > 0) {
                long _ = counts.merge(listener.name(), current, Long::sum);
            }
        }
        return counts;
    }

    /**
     * Returns the requests that are being served, the oldest first. Waits at most a second: a listener that throws or does not
     * return by then is logged and left out.
     *
     * @param limit the most that are returned
     */
    public List<RequestInFlight> requests(int limit, Deadline deadline) {
        Queue<RequestInFlight> all = new ConcurrentLinkedQueue<>();
        List<GuardedListener> busy = guarded().stream()
                .filter(listener -> listener.inFlight().current() > 0)
                .toList();
        boolean _ = calls.run(busy, listener -> listener.beginRequests(limit, all), deadline.atMost(PROMPT));
        return all.stream()
                .sorted(Comparator.comparing(RequestInFlight::age).reversed())
                .limit(limit)
                .toList();
    }

    /** Returns whether any listener is open. */
    public synchronized boolean isOpen() {
        return !open.isEmpty();
    }

    /** Returns where the listeners can be reached. */
    public List<String> urls() {
        return guarded().stream().flatMap(listener -> listener.urls().stream()).toList();
    }

    /** Returns where each listener can be reached, by its name. */
    public Map<String, List<String>> urlsByListener() {
        Map<String, List<String>> urls = new LinkedHashMap<>();
        for (GuardedListener listener : guarded()) {
            List<String> _ = urls.merge(
                    listener.name(), listener.urls(), (some, more) -> Stream.concat(some.stream(), more.stream())
                            .toList());
        }
        return urls;
    }

    /** Returns how many requests the listeners have rejected because their limits of requests in flight were reached. */
    public long rejections() {
        return guarded().stream()
                .map(GuardedListener::inFlight)
                .mapToLong(InFlight::rejections)
                .sum();
    }

    /** Returns the number of requests that are being served. */
    public long inFlight() {
        return guarded().stream()
                .map(GuardedListener::inFlight)
                .mapToLong(InFlight::current)
                .sum();
    }

    /** Lets the listeners ask their clients to close their connections. */
    public void announceStop(Deadline deadline) {
        announceStop(guarded(), deadline);
    }

    private void announceStop(List<GuardedListener> listeners, Deadline deadline) {
        boolean _ = calls.run(listeners, GuardedListener::beginAnnouncement, deadline.atMost(PROMPT));
    }

    /** Lets the drain end without the requests whose handlers run on one of these threads. Waits at most a second. */
    public void excuse(Predicate<Thread> threads, Deadline deadline) {
        Map<GuardedListener, Queue<RequestInFlight>> requests = new LinkedHashMap<>();
        boolean _ = calls.run(
                guarded(),
                listener -> listener.beginRequests(
                        MOST_EXCUSED, requests.computeIfAbsent(listener, _ -> new ConcurrentLinkedQueue<>())),
                deadline.atMost(PROMPT));
        requests.forEach((listener, own) -> listener.inFlight()
                .excuse(own.stream()
                        .map(RequestInFlight::thread)
                        .filter(thread -> thread != null && threads.test(thread))
                        .count()));
    }

    /**
     * Drains all listeners at the same time. No listener opens from then on.
     *
     * @return whether all were done at the deadline
     */
    public boolean drain(Deadline deadline) {
        return drain(last(), deadline);
    }

    private boolean drain(List<GuardedListener> listeners, Deadline deadline) {
        boolean done = calls.run(listeners, listener -> listener.beginDrain(deadline), deadline);
        return done && !deadline.isExpired();
    }

    /**
     * What became of requests in the lives of the listeners.
     *
     * @param requestsFailed requests that were cut off
     * @param longLivedEnded long-lived streams that were ended
     */
    public record Outcome(long requestsFailed, long longLivedEnded) {}

    /** Closes all listeners, by force if need be, and forgets them. No listener opens from then on. */
    public Outcome close(Deadline deadline) {
        List<GuardedListener> all = last();
        List<InFlight> counts = all.stream().map(GuardedListener::inFlight).toList();
        close(all, deadline);
        return new Outcome(
                counts.stream().mapToLong(InFlight::failed).sum(),
                counts.stream().mapToLong(count -> count.longLived().ended()).sum());
    }

    private void close(List<GuardedListener> listeners, Deadline deadline) {
        boolean _ = calls.run(listeners, GuardedListener::beginClose, deadline.atMost(PROMPT));
        synchronized (this) {
            listeners.forEach(open::remove);
        }
    }

    /** Takes the listeners of the plugin {@code owner} through announcement, drain and close. */
    void leave(String owner, Deadline deadline) {
        List<GuardedListener> own = guarded().stream()
                .filter(listener -> listener.owner().equals(owner))
                .toList();
        announceStop(own, deadline);
        boolean _ = drain(own, deadline);
        close(own, deadline.minus(PROMPT.negated()));
        onChange.run();
    }

    /** Returns and forgets what went wrong with the listeners of a plugin; null if nothing did. */
    @Nullable
    Throwable takeFailure(String owner) {
        return calls.takeFailure(owner);
    }
}
