package io.lynx.recovery;

/** Where an error originated, which decides what the default chain may do about it. */
public sealed interface ErrorOrigin {
    /** In the component itself: its start, its threads, or its own report. Severe ones restart it. */
    record Component() implements ErrorOrigin {}

    /**
     * In answering a request. The client chooses when, so such an error never restarts or quarantines the component by the
     * default chain, and counts as {@link ErrorSeverity#HIGH} at most.
     */
    record Request() implements ErrorOrigin {}

    /**
     * In a run of a scheduled job. The job runs again at its next time, so such an error is treated like that of a request.
     *
     * @param name the job's name
     */
    record Job(String name) implements ErrorOrigin {}

    /**
     * In a health check, which is run again before anything else is done.
     *
     * @param name the check's name
     * @param cause what is known of the cause
     */
    record Check(String name, Cause cause) implements ErrorOrigin {}

    /** What is known of the cause of a failing health check. */
    enum Cause {
        /** It lies outside of the process, or nothing is known: a restart does not help. */
        EXTERNAL,
        /** It lies inside the process: if the check still fails when it is run again, a restart may help. */
        INTERNAL,
        /** The check repeats that the plugin is not running: it does not pass before the plugin is restarted. */
        NOT_RUNNING
    }

    /** Returns the origin of an error in the component itself. */
    static ErrorOrigin component() {
        return new Component();
    }

    /** Returns the origin of an error in answering a request. */
    static ErrorOrigin request() {
        return new Request();
    }

    /** Returns the origin of an error in the job {@code name}. */
    static ErrorOrigin job(String name) {
        return new Job(name);
    }

    /** Returns the origin of an error that the health check {@code name} found. */
    static ErrorOrigin check(String name, Cause cause) {
        return new Check(name, cause);
    }
}
