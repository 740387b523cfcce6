package io.lynx.event;

import io.lynx.context.ContextSource;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Optional;

/** A request without headers and deadline. */
final class NoHeaders implements ContextSource {
    @Override
    public List<String> headers(String name) {
        return List.of();
    }

    @Override
    public String operation() {
        return "GET /test";
    }

    @Override
    public String newRequestId() {
        return "r-1";
    }

    @Override
    public Optional<Deadline> answerBy() {
        return Optional.empty();
    }

    @Override
    public void ignored(String header) {
        throw new IllegalStateException(header);
    }
}
