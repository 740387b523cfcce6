package io.lynx.http.client;

import io.lynx.http.client.engine.call.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * An answer whose body is read while it arrives; it must be closed. Closing it before the end of the body ends the call and its
 * connection. Not thread-safe.
 */
public final class StreamedResponse implements AutoCloseable {
    private final Answer answer;

    StreamedResponse(Answer answer) {
        this.answer = answer;
    }

    /** Returns the status, 200 to 599. */
    public int status() {
        return answer.status();
    }

    /** Returns the first value of a header; the case of the name does not matter. */
    public Optional<String> header(String name) {
        return answer.header(name);
    }

    /** Returns every value of a header, in the order of arrival. */
    public List<String> headers(String name) {
        return List.copyOf(answer.all(name));
    }

    /**
     * Returns the body. Reading blocks until bytes arrive, and throws {@link HttpCallException} if the answer ends early or the
     * server is silent for longer than {@code read_timeout}. Its length is not limited; the time of the call is.
     */
    public InputStream stream() {
        return answer.stream();
    }

    @Override
    public void close() {
        try {
            answer.stream().close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
