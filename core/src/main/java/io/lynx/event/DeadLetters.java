package io.lynx.event;

import io.lynx.config.Masking;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.extension.UserCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most recent events that subscriptions failed to handle, for inspection and replay. A replayed event goes only to the
 * subscription of that name, and counts there as published again. Thread-safe; nothing is called while its lock is held.
 */
public final class DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final int capacity;
    private final Events events;
    private final BargingLock lock = new BargingLock();

    // Guarded by lock.
    private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();

    // Guarded by lock.
    private long lastId;

    // Guarded by lock.
    private long pushedOut;

    /**
     * An event that a subscription failed to handle. Immutable.
     *
     * @param id the number of the letter, from 1
     * @param event the event
     * @param subscription the name of the subscription
     * @param attempts how many times the handler was called, at least once
     * @param failure what the handler threw last; its methods are the user's code, see {@link #message}
     * @param at when the handler threw it
     */
    public record DeadLetter(
            long id, Event<?> event, String subscription, int attempts, Throwable failure, Instant at) {
        /** Returns the class and the message of the failure with secrets masked; it never throws. */
        public String message() {
            return Masking.mask(UserCode.describe(failure));
        }
    }

    /** The result of replaying a dead letter. Immutable. */
    public sealed interface ReplayResult {
        /** The event is in the queue of its subscription again, and no longer a dead letter. */
        record Replayed(DeadLetter letter) implements ReplayResult {}

        /** There is no letter of that number: there never was, it was replayed, or later letters pushed it out. */
        record NotFound(long id) implements ReplayResult {}

        /** There is no subscription of that name any more; the letter stays. */
        record NoSubscriber(DeadLetter letter) implements ReplayResult {}

        /** The queue of the subscription did not accept it; the letter stays. */
        record Refused(DeadLetter letter, DropReason reason) implements ReplayResult {}
    }

    DeadLetters(int capacity, Events events) {
        this.capacity = capacity;
        this.events = events;
    }

    /** Stores, logs and publishes a failed delivery. */
    DeadLetter add(Event<?> event, String subscription, int attempts, Throwable failure) {
        long id = lock.locked(() -> ++lastId);
        DeadLetter letter =
                keep(new DeadLetter(id, event, subscription, attempts, failure, events.wallClock.instant()));
        if (Long.bitCount(id) == 1) {
            LOG.atWarn()
                    .addKeyValue("event", event)
                    .addKeyValue("subscription", subscription)
                    .addKeyValue("attempts", attempts)
                    .addKeyValue("deadLetter", id)
                    .addKeyValue("failure", letter.message())
                    .log("Handler failed and its event became a dead letter (logged for the 1st, 2nd, 4th, 8th … of"
                            + " them)");
        }
        // Otherwise a handler of dead letters that fails would receive its own failure, without end.
        if (!(event.payload() instanceof DeadLetter)) {
            PublishResult _ = events.offer(Events.DEAD_LETTERED, letter, EventHeaders.NONE.withSource("events"));
        }
        return letter;
    }

    private DeadLetter keep(DeadLetter letter) {
        return lock.locked(() -> {
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
        return lock.locked(() -> List.copyOf(letters.values()));
    }

    /** Returns the letter of that number. */
    public Optional<DeadLetter> find(long id) {
        return Optional.ofNullable(lock.locked(() -> letters.get(id)));
    }

    /** Returns the number of letters. */
    public int size() {
        return lock.locked(letters::size);
    }

    /** Returns how many letters are kept; the oldest makes room for the next. */
    public int capacity() {
        return capacity;
    }

    /** Returns how many letters made room for later ones and can no longer be replayed. */
    public long pushedOut() {
        return lock.locked(() -> pushedOut);
    }

    /** Delivers the event of that letter to its subscription again; of two callers, one does. */
    public ReplayResult replay(long id) {
        DeadLetter letter = lock.locked(() -> letters.remove(id));
        if (letter == null) {
            return new ReplayResult.NotFound(id);
        }
        ReplayResult result = events.bus(letter.event().bus()).redeliver(letter);
        if (!(result instanceof ReplayResult.Replayed)) {
            DeadLetter _ = keep(letter);
        }
        return result;
    }

    /** Replays, oldest first, the present letters that the predicate accepts. */
    public List<ReplayResult> replay(Predicate<DeadLetter> accepts) {
        return list().stream()
                .filter(accepts)
                .map(letter -> replay(letter.id()))
                .toList();
    }
}
