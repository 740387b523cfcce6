package io.lynx.event;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import java.time.Instant;

/**
 * An event that a subscription failed to handle. Immutable.
 *
 * @param id the number of the letter, from 1
 * @param event the event
 * @param subscription the name of the subscription
 * @param attempts how many times the handler was called, at least once
 * @param failure what the handler threw last; its methods are the user's code, see {@link #message}
 * @param at when that was
 */
public record DeadLetter(long id, Event<?> event, String subscription, int attempts, Throwable failure, Instant at) {
    /** Returns the class and the message of the failure with secrets masked; it never throws. */
    public String message() {
        return Masking.mask(UserCode.describe(failure));
    }
}
