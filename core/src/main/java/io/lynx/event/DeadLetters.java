package io.lynx.event;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The most recent events that subscriptions failed to handle, to be inspected and replayed. A replayed event goes only to the
 * subscription of that name, and counts there as published again. Thread-safe; nothing is called while its lock is held.
 */
public final class DeadLetters {
    private final int capacity;
    private final Redelivery redelivery;
    private final BargingLock lock = new BargingLock();

    // Guarded by lock.
    private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();

    // Guarded by lock.
    private long lastId;

    // Guarded by lock.
    private long pushedOut;

    /** Puts an event into the queue of its subscription again. */
    interface Redelivery {
        ReplayResult deliver(DeadLetter letter);
    }

    DeadLetters(int capacity, Redelivery redelivery) {
        this.capacity = capacity;
        this.redelivery = redelivery;
    }

    private <T extends @Nullable Object> T locked(Supplier<T> section) {
        lock.lock();
        try {
            return section.get();
        } finally {
            lock.unlock();
        }
    }

    DeadLetter add(LongFunction<DeadLetter> writer) {
        DeadLetter letter = writer.apply(locked(() -> ++lastId));
        return keep(letter);
    }

    private DeadLetter keep(DeadLetter letter) {
        return locked(() -> {
            letters.put(letter.id(), letter);
            if (letters.size() > capacity) {
                letters.pollFirstEntry();
                pushedOut++;
            }
            return letter;
        });
    }

    /** Returns the letters, oldest first. */
    public List<DeadLetter> list() {
        return locked(() -> List.copyOf(letters.values()));
    }

    /** Returns the letter of that number. */
    public Optional<DeadLetter> find(long id) {
        return Optional.ofNullable(locked(() -> letters.get(id)));
    }

    /** Returns how many letters there are. */
    public int size() {
        return locked(letters::size);
    }

    /** Returns how many letters are kept; the oldest makes room for the next. */
    public int capacity() {
        return capacity;
    }

    /** Returns how many letters made room for later ones and cannot be replayed any more. */
    public long pushedOut() {
        return locked(() -> pushedOut);
    }

    /** Removes a letter without replaying it; returns whether there was one. */
    public boolean discard(long id) {
        return locked(() -> letters.remove(id)) != null;
    }

    /** Delivers the event of that letter to its subscription again; of two callers, one does. */
    public ReplayResult replay(long id) {
        DeadLetter letter = locked(() -> letters.remove(id));
        if (letter == null) {
            return new ReplayResult.NotFound(id);
        }
        ReplayResult result = redelivery.deliver(letter);
        if (!(result instanceof ReplayResult.Replayed)) {
            DeadLetter _ = keep(letter);
        }
        return result;
    }

    /** Replays, oldest first, the letters of the topics that the filter matches. */
    public List<ReplayResult> replay(TopicFilter<?> filter) {
        return replay(letter -> filter.bus().equals(letter.event().bus())
                && filter.matches(letter.event().type()));
    }

    /** Replays, oldest first, the present letters that the predicate accepts. */
    public List<ReplayResult> replay(Predicate<DeadLetter> accepts) {
        return list().stream()
                .filter(accepts)
                .map(letter -> replay(letter.id()))
                .toList();
    }
}
