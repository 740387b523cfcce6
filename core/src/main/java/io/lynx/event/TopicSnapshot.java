package io.lynx.event;

import java.util.Map;

/**
 * The counts of one topic since the start: the metrics {@code lynx_events_*_total} of one {@code event_type}. They only grow, and
 * outlive the subscriptions that they are about. Immutable.
 *
 * @param bus the bus
 * @param type the event type
 * @param published events published, each once, whether or not the topic has subscribers or the bus is still open
 * @param processed deliveries that a handler processed; more than {@code published} if several subscriptions match
 * @param deadLettered deliveries that became dead letters
 * @param dropped deliveries that were dropped, by reason; reasons that did not occur are missing
 */
public record TopicSnapshot(
        String bus, String type, long published, long processed, long deadLettered, Map<DropReason, Long> dropped) {}
