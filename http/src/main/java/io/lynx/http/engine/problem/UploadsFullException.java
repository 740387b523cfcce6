package io.lynx.http.engine.problem;

import java.util.Map;

/** Answers an upload for which there is no space, since other uploads have taken it. */
public final class UploadsFullException extends Refusal {
    /** The answer. */
    public UploadsFullException() {
        super(503, "too many large uploads at a time", Map.of("Retry-After", "1"));
    }
}
