package io.lynx.http.client;

import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.call.Answer;
import io.lynx.http.client.engine.call.RetryAfterField;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.TypeOf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An answer with its whole body. Immutable. */
public final class ClientResponse {
    private final String client;
    private final String subject;
    private final Answer answer;
    private final JsonCodec json;
    private final InstantSource clock;

    ClientResponse(String client, String subject, Answer answer, JsonCodec json, InstantSource clock) {
        this.client = client;
        this.subject = subject;
        this.answer = answer;
        this.json = json;
        this.clock = clock;
    }

    /** Returns the status, 200 to 599. */
    public int status() {
        return answer.status();
    }

    /** Returns whether the status is 200 to 299. */
    public boolean isSuccess() {
        return status() < 300;
    }

    /**
     * Returns this answer if its status is a success.
     *
     * @throws HttpStatusException if it is not
     */
    public ClientResponse orThrow() {
        if (!isSuccess()) {
            throw new HttpStatusException(client, subject, this);
        }
        return this;
    }

    /** Returns the first value of a header; the case of the name does not matter. */
    public Optional<String> header(String name) {
        return answer.header(name);
    }

    /** Returns every value of a header, in the order of arrival. */
    public List<String> headers(String name) {
        return List.copyOf(answer.all(name));
    }

    Optional<Duration> retryAfter() {
        return RetryAfterField.of(answer, clock);
    }

    /** Returns a copy of the body; empty if there is none. */
    public byte[] bytes() {
        return answer.body().clone();
    }

    /** Returns the body as text, in the charset of its {@code Content-Type}, or else in UTF-8. */
    public String text() {
        return new String(answer.body(), charset());
    }

    private Charset charset() {
        String type = header("content-type").orElse("").toLowerCase(Locale.ROOT);
        int at = type.indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name =
                type.substring(at + "charset=".length()).split("[;\\s]", 2)[0].replace("\"", "");
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    /** Reads the body from JSON as a class; see {@link #json(TypeOf)}. */
    public <T> T json(Class<T> type) {
        return json(TypeOf.of(type));
    }

    /**
     * Reads the body from JSON as a type that may have type arguments: {@code response.json(new TypeOf<List<Item>>() {})}. The
     * status is not examined; {@link #orThrow} does that.
     *
     * @throws HttpCallException ({@link Reason#MALFORMED}) if it is not JSON of that shape
     */
    public <T> T json(TypeOf<T> type) {
        try {
            return json.read(answer.body(), type);
        } catch (JsonReadException malformed) {
            String place = malformed.path().isEmpty() ? "" : " at " + malformed.path();
            // What the server sent may be quoted in the message of the cause.
            throw new HttpCallException(
                    client, Reason.MALFORMED, subject + ": the body is not JSON of the expected form" + place, null);
        }
    }

    /** Returns the status and the length of the body. */
    @Override
    public String toString() {
        return client + ": " + subject + ": " + status() + ", " + answer.body().length + " bytes";
    }
}
