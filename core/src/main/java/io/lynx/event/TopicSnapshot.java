package io.lynx.event;

import java.util.Map;

/**
 * What has happened to the events of one topic since the start: the metrics {@code lynx_events_*_total} of one
 * {@code event_type}. The counts only grow, and outlive the subscriptions that they are about, those by pattern or to the
 * whole bus among them. Immutable.
 *
 * @param bus the bus
 * @param type the event type
 * @param published events published, each once, whether or not anybody listens or the bus is still open
 * @param processed times that a handler took one of them; more than {@code published} if several subscribe, or a dead
 *     letter was replayed
 * @param deadLettered times that a handler failed on one for good
 * @param dropped times that a subscriber did not get one, by reason; reasons that did not occur are missing
 */
public record TopicSnapshot(
        String bus, String type, long published, long processed, long deadLettered, Map<DropReason, Long> dropped) {}
