package io.lynx.security.http;

/** Signals that an address has sent too many wrong passwords. Has no stack trace, since strangers cause it. */
final class TooManyAttemptsException extends Exception {
    private final long retrySeconds;

    TooManyAttemptsException(long retrySeconds) {
        super("too many wrong passwords", null, false, false);
        this.retrySeconds = Math.max(1, retrySeconds);
    }

    long retrySeconds() {
        return retrySeconds;
    }
}
