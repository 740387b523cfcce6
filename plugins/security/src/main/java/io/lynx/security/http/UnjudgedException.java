package io.lynx.security.http;

/**
 * Signals credentials that cannot be judged now, since a provider does not answer: neither accepted nor invalid. Has no stack trace, since
 * an outage causes many.
 */
final class UnjudgedException extends Exception {
    private final long retrySeconds;

    /**
     * Creates one.
     *
     * @param message for the log
     * @param retrySeconds when the client may try again
     */
    UnjudgedException(String message, long retrySeconds) {
        super(message, null, false, false);
        this.retrySeconds = Math.max(1, retrySeconds);
    }

    long retrySeconds() {
        return retrySeconds;
    }
}
