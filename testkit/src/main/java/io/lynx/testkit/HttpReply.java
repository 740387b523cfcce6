package io.lynx.testkit;

import io.lynx.json.JsonCodec;
import io.lynx.json.TypeOf;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The answer to a request. Immutable. */
public final class HttpReply {
    private final HttpResponse<byte[]> response;

    HttpReply(HttpResponse<byte[]> response) {
        this.response = response;
    }

    /** Returns the status code. */
    public int status() {
        return response.statusCode();
    }

    /** Returns the body as text in UTF-8. */
    public String body() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Returns the bytes of the body. */
    public byte[] bytes() {
        return response.body().clone();
    }

    /** Returns the first value of a header. */
    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /**
     * Reads the body as JSON, by the installed codec.
     *
     * @throws io.lynx.json.JsonCodec.JsonReadException if it is not JSON of that type
     */
    public <T> T json(Class<T> type) {
        return JsonCodec.installed().read(response.body(), type);
    }

    /** Reads the body as JSON of a generic type, by the installed codec. */
    public <T> T json(TypeOf<T> type) {
        return JsonCodec.installed().read(response.body(), type);
    }

    /** Returns the response as the JDK's client gave it. */
    public HttpResponse<byte[]> response() {
        return response;
    }

    /** Returns the status, the URL and the body, for the message of a failed assertion. */
    @Override
    public String toString() {
        return status() + " from " + response.uri() + ": " + body();
    }
}
