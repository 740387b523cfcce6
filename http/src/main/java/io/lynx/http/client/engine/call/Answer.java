package io.lynx.http.client.engine.call;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An answer: its status, its headers, and its body either complete or as a stream that must be closed. Belongs to its caller. */
public final class Answer {
    private final int status;
    private final List<String> headers;
    private final byte[] body;
    private final InputStream stream;

    private Answer(int status, List<String> headers, byte[] body, InputStream stream) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.stream = stream;
    }

    static Answer whole(int status, List<String> headers, byte[] body) {
        return new Answer(status, headers, body, InputStream.nullInputStream());
    }

    static Answer streamed(int status, List<String> headers, InputStream stream) {
        return new Answer(status, headers, new byte[0], stream);
    }

    /** Returns the same answer with other headers and another body. */
    public Answer with(List<String> otherHeaders, byte[] otherBody, InputStream otherStream) {
        return new Answer(status, otherHeaders, otherBody, otherStream);
    }

    /** Returns the status. */
    public int status() {
        return status;
    }

    /** Returns the headers: name in lower case, value, name, value… */
    public List<String> headers() {
        return headers;
    }

    /** Returns the first value of a header. */
    public Optional<String> header(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return Optional.of(headers.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /** Returns every value of a header. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                values.add(headers.get(i + 1));
            }
        }
        return values;
    }

    /** Returns the whole body, which must not be changed; empty if it is streamed. */
    public byte[] body() {
        return body;
    }

    /** Ends the answer, which nothing reads any more. */
    public void discard() {
        try {
            stream.close();
        } catch (IOException ended) {
            // It is of no use in either case.
        }
    }

    /** Returns the stream of the body; empty if it is not streamed. */
    public InputStream stream() {
        return stream;
    }
}
