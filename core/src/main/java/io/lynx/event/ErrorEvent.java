package io.lynx.event;

/**
 * Something went wrong. Handlers of these events cause none by failing: such a failure is a dead letter and a line in
 * the log, and no further event.
 */
public sealed interface ErrorEvent extends FrameworkEvent {
    /**
     * An error was recorded.
     *
     * @param id the number of the record
     * @param errorType what it is counted under
     * @param component where it happened
     * @param severity the name of its severity, such as {@code HIGH}
     * @param message what happened
     */
    record Recorded(String id, String errorType, String component, String severity, String message)
            implements ErrorEvent {}

    /**
     * A subscriber has failed on an event for good.
     *
     * @param deadLetter the number of the dead letter
     * @param bus the bus of the event
     * @param type the type of the event
     * @param event the id of the event
     * @param subscription the subscriber
     * @param attempts how often it tried
     * @param failure what it threw at last
     */
    record DeliveryFailed(
            long deadLetter,
            String bus,
            String type,
            String event,
            String subscription,
            int attempts,
            Throwable failure)
            implements ErrorEvent {
        static DeliveryFailed of(DeadLetter letter) {
            Event<?> event = letter.event();
            return new DeliveryFailed(
                    letter.id(),
                    event.bus(),
                    event.type(),
                    event.id(),
                    letter.subscription(),
                    letter.attempts(),
                    letter.failure());
        }
    }
}
