package io.lynx.kafka;

/** A handler of records throws it for a record that no further attempt can handle: it goes to the dead-letter topic at once. */
public final class RejectedRecordException extends RuntimeException {
    /**
     * Creates one.
     *
     * @param message why, for a header of the dead letter
     */
    public RejectedRecordException(String message) {
        super(message);
    }

    /**
     * Creates one.
     *
     * @param message why, for a header of the dead letter
     */
    public RejectedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
