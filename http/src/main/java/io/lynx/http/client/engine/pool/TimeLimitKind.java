package io.lynx.http.client.engine.pool;

/** The time limits of a call. Immutable and thread-safe. */
public enum TimeLimitKind {
    /** To connect, TLS included. */
    CONNECT("connect_timeout", "no connection"),
    /** For the next bytes of the answer. */
    READ("read_timeout", "the server was silent"),
    /** For one attempt. */
    ATTEMPT("attempt_timeout", "the attempt was not complete"),
    /** For the call with all of its attempts. */
    TOTAL("timeout", "the call was not complete"),
    /** The end of the request on whose behalf the call is made. */
    DEADLINE("deadline", "the request was not complete");

    private final String key;
    private final String what;

    TimeLimitKind(String key, String what) {
        this.key = key;
        this.what = what;
    }

    /** Returns the key that changes it. */
    String key() {
        return key;
    }

    String what() {
        return what;
    }
}
