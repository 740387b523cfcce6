package io.lynx.recovery;

/** Where an error showed, which decides what may be done about it without anybody's registered strategy. */
public sealed interface ErrorOrigin {
    /** In the component itself: its start, its threads, or what it says of itself. It may be restarted. */
    record Component() implements ErrorOrigin {}

    /**
     * In answering a request. Whoever sends requests chooses when, so such an error never restarts or parks the component
     * by the default chain, and counts as {@link ErrorSeverity#HIGH} at most.
     */
    record Request() implements ErrorOrigin {}

    /**
     * In a health check, which is asked again before anything else is done. One that fails for what is outside of the
     * process never restarts or parks the component by the default chain: a restart of ours cures nothing there.
     *
     * @param name the check's name
     * @param mayPass whether it may pass without anything being done; one that tells of a plugin that has failed does not
     */
    record Check(String name, boolean mayPass) implements ErrorOrigin {}

    /** In the component itself. */
    static ErrorOrigin component() {
        return new Component();
    }

    /** In answering a request. */
    static ErrorOrigin request() {
        return new Request();
    }

    /** In the health check called {@code name}. */
    static ErrorOrigin check(String name) {
        return new Check(name, true);
    }

    /** In the health check called {@code name}, which fails until something is done: it is not asked again, wherever that came from. */
    static ErrorOrigin lastingCheck(String name) {
        return new Check(name, false);
    }
}
