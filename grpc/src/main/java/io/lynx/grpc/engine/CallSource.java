package io.lynx.grpc.engine;

import io.lynx.context.ContextSource;
import io.lynx.time.Deadline;
import io.lynx.transport.Stream;
import java.util.List;
import java.util.Optional;

/**
 * What the context of a call reads: metadata takes the place of headers. Thread-safe.
 *
 * @param time how long the call may take
 */
record CallSource(RpcServer server, Stream stream, CallTimeLimit time) implements ContextSource {
    @Override
    public List<String> headers(String name) {
        return stream.head().headers(name);
    }

    @Override
    public String newRequestId() {
        return server.newRequestId();
    }

    /** The path of a call is text that the client chose until a method is found for it. */
    @Override
    public String operation() {
        return "";
    }

    @Override
    public Optional<Deadline> answerBy() {
        return time.deadline();
    }

    @Override
    public void ignored(String header) {
        server.metrics().ignored(header);
    }
}
