package io.lynx.http.engine.answer;

import java.io.Closeable;

/** The body of a long-lived answer. Thread-safe. */
public interface LongLivedBody extends Closeable {
    /**
     * Completes the answer with what was flushed, unless a thread is writing now; it never waits.
     *
     * @return whether it did
     */
    boolean tryComplete();
}
