package io.lynx.http.engine.problem;

import java.util.Map;

/** Answers in the place of a plugin that is being restarted. */
public final class PluginAbsentException extends Refusal {
    /** The answer. */
    public PluginAbsentException() {
        super(503, "this part of the service is being restarted", Map.of("Retry-After", "1"));
    }
}
