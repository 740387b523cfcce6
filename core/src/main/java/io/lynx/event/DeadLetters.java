package io.lynx.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events that subscribers could not handle, the latest so many of them, to be looked at and replayed. A replayed
 * event goes to the subscription of that name alone, and counts there as published once more. Thread-safe; nothing is
 * called while its lock is held.
 */
public final class DeadLetters {
    private final int capacity;
    private final Redelivery redelivery;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock: the letters by number, oldest first.
    private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();
    private long lastId;
    private long pushedOut;

    /** Puts an event into its subscriber's queue once more. */
    interface Redelivery {
        ReplayResult deliver(DeadLetter letter);
    }

    DeadLetters(int capacity, Redelivery redelivery) {
        this.capacity = capacity;
        this.redelivery = redelivery;
    }

    DeadLetter add(LongFunction<DeadLetter> writer) {
        lock.lock();
        try {
            DeadLetter letter = writer.apply(++lastId);
            keep(letter);
            return letter;
        } finally {
            lock.unlock();
        }
    }

    /** The letters, oldest first. */
    public List<DeadLetter> list() {
        lock.lock();
        try {
            return List.copyOf(letters.values());
        } finally {
            lock.unlock();
        }
    }

    /** The letter of that number. */
    public Optional<DeadLetter> find(long id) {
        lock.lock();
        try {
            return Optional.ofNullable(letters.get(id));
        } finally {
            lock.unlock();
        }
    }

    /** How many there are. */
    public int size() {
        lock.lock();
        try {
            return letters.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many there may be; the oldest makes room for one more. */
    public int capacity() {
        return capacity;
    }

    /** How many made room for later ones and cannot be replayed any more. */
    public long pushedOut() {
        lock.lock();
        try {
            return pushedOut;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a letter without replaying it. Returns whether there was one. */
    public boolean discard(long id) {
        return take(id) != null;
    }

    /** Gives the event of that letter to its subscriber once more; of two callers, one does. */
    public ReplayResult replay(long id) {
        DeadLetter letter = take(id);
        if (letter == null) {
            return new ReplayResult.NotFound(id);
        }
        ReplayResult result = redelivery.deliver(letter);
        if (!(result instanceof ReplayResult.Replayed)) {
            putBack(letter);
        }
        return result;
    }

    /** Replays, oldest first, the letters of the topics that the filter matches; none for a topic nobody knows. */
    public List<ReplayResult> replay(TopicFilter<?> filter) {
        return replay(letter -> filter.bus().equals(letter.event().bus())
                && filter.matches(letter.event().type()));
    }

    /** Replays, oldest first, the letters that are there now and that the predicate accepts. */
    public List<ReplayResult> replay(Predicate<DeadLetter> which) {
        List<ReplayResult> results = new ArrayList<>();
        for (DeadLetter letter : list()) {
            if (which.test(letter)) {
                results.add(replay(letter.id()));
            }
        }
        return results;
    }

    private @Nullable DeadLetter take(long id) {
        lock.lock();
        try {
            return letters.remove(id);
        } finally {
            lock.unlock();
        }
    }

    private void putBack(DeadLetter letter) {
        lock.lock();
        try {
            keep(letter);
        } finally {
            lock.unlock();
        }
    }

    private void keep(DeadLetter letter) {
        letters.put(letter.id(), letter);
        if (letters.size() > capacity) {
            letters.pollFirstEntry();
            pushedOut++;
        }
    }
}
