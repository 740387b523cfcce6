package io.lynx.event;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that a subscription had left when it closed. Immutable.
 *
 * @param subscription its name
 * @param queued what was in its queue, oldest first: dropped
 * @param inHand what its handler was processing, or what was waiting for a redelivery: its outcome is not known
 */
public record Undelivered(String subscription, List<Event<?>> queued, List<Event<?>> inHand) {
    private static final Logger LOG = LoggerFactory.getLogger(Undelivered.class);

    /** Copies the lists. */
    public Undelivered {
        queued = List.copyOf(queued);
        inHand = List.copyOf(inHand);
    }

    /** Returns whether nothing was left. */
    public boolean isEmpty() {
        return queued.isEmpty() && inHand.isEmpty();
    }

    /** Returns how many events were left. */
    public int count() {
        return queued.size() + inHand.size();
    }

    void log() {
        if (!isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("subscription", subscription)
                    .addKeyValue("queued", queued.size())
                    .addKeyValue("inHand", inHand.size())
                    .log("Events were not delivered before the close");
        }
    }
}
