package io.lynx.security;

/** Signals invalid credentials. Its message goes to the log, never to the caller. Has no stack trace: strangers can cause it. */
public final class AuthenticationException extends Exception {
    /** Creates one; the message says what is wrong and contains no credentials. */
    public AuthenticationException(String message) {
        super(message, null, false, false);
    }
}
