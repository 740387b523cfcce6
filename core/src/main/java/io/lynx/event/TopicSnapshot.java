package io.lynx.event;

import java.util.Map;

/**
 * What has happened to the events of one topic since the start; the counts only grow. Immutable.
 *
 * @param bus the bus
 * @param type the event type
 * @param published events published, whether or not anybody listens
 * @param processed times that a handler took one of them; more than {@code published} if several subscribe
 * @param deadLettered times that a handler failed on one for good
 * @param dropped times that a subscriber did not get one, by reason; reasons that did not occur are missing
 */
public record TopicSnapshot(
        String bus, String type, long published, long processed, long deadLettered, Map<DropReason, Long> dropped) {}
