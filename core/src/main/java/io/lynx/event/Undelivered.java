package io.lynx.event;

import java.util.List;

/**
 * What a subscription had left when it closed. Immutable.
 *
 * @param subscription its name
 * @param queued what was in its queue, oldest first: dropped
 * @param inHand what its handler still had, or was to be tried again: its outcome is not known
 */
public record Undelivered(String subscription, List<Event<?>> queued, List<Event<?>> inHand) {
    /** Copies the lists. */
    public Undelivered {
        queued = List.copyOf(queued);
        inHand = List.copyOf(inHand);
    }

    /** Whether nothing was left. */
    public boolean isEmpty() {
        return queued.isEmpty() && inHand.isEmpty();
    }

    /** How many events were left. */
    public int count() {
        return queued.size() + inHand.size();
    }
}
