package io.lynx.event;

import java.time.Instant;

/**
 * An event that a subscriber could not handle. Immutable.
 *
 * @param id the number of the letter, from 1
 * @param event what could not be handled
 * @param subscription the name of the subscription
 * @param attempts how often it was tried, at least once
 * @param failure what the handler threw at last
 * @param at when that was
 */
public record DeadLetter(long id, Event<?> event, String subscription, int attempts, Throwable failure, Instant at) {}
