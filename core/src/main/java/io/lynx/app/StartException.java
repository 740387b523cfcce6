package io.lynx.app;

/**
 * The application did not start. The cause is what its first failing plugin threw; whatever was open has been closed by
 * the time this is thrown, and failures of that are suppressed on it.
 */
public final class StartException extends RuntimeException {
    private final int exitCode;

    StartException(String message, Throwable cause, int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** What a process should exit with: see {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }
}
