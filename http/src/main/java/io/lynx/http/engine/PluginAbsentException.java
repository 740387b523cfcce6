package io.lynx.http.engine;

import io.lynx.http.HttpException;
import java.util.Map;

/** Answers in the place of a plugin that is being restarted. It does not count as a failure of the plugin. */
public final class PluginAbsentException extends HttpException {
    /** The answer. */
    public PluginAbsentException() {
        super(503, "this part of the service is being restarted", Map.of("Retry-After", "1"));
    }
}
