package io.lynx.http.engine.problem;

import io.lynx.http.HttpException;
import java.util.Map;

/** The server's own refusal of a request, before or in place of its handler. It does not count as a failure of a plugin. */
public class Refusal extends HttpException {
    public Refusal(int status, String detail) {
        super(status, detail);
    }

    public Refusal(int status, String detail, Map<String, String> headers) {
        super(status, detail, headers);
    }

    public Refusal(int status, String detail, Map<String, String> headers, Throwable cause) {
        super(status, detail, headers, cause);
    }

    /** The client may try again in a second. */
    public static Refusal unavailable(String detail) {
        return new Refusal(503, detail, Map.of("Retry-After", "1"));
    }
}
