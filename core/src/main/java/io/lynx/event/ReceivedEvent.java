package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import java.time.Instant;

/**
 * What is known of an event that was published elsewhere: in another process, or before the process started. Immutable.
 *
 * @param id its id, by which a handler recognizes an event that is delivered again
 * @param time when it was published
 * @param headers its headers
 */
public record ReceivedEvent(String id, Instant time, EventHeaders headers) {}
