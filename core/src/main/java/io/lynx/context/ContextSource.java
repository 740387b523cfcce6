package io.lynx.context;

import io.lynx.time.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * What a request came with, as its transport holds it. A {@link RequestScope} reads from it when a value is first needed, and at
 * most once. Implementations are thread-safe and do not block.
 */
public interface ContextSource {
    /** Returns every value of a header, or of what the protocol has in its place, in the order of arrival. */
    List<String> headers(String name);

    /** Returns an id for a request that came without one. */
    String newRequestId();

    /**
     * Returns what the request asks for, such as {@code GET /orders/{id}}: never text that the client chose, so that there are few
     * distinct values. Empty if that is not known.
     */
    String operation();

    /** Returns by when the request must be answered; empty if nothing limits it. */
    Optional<Deadline> answerBy();

    /** Receives the name of a header that was ignored, as a whole or in part, because it is malformed, repeated or too long. */
    void ignored(String header);
}
