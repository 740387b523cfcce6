package io.lynx.app;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The identity of the application: {@code lynx.application}.
 *
 * @param name its name
 * @param version its own version
 * @param host the host it runs on; null for the machine's host name
 * @param metadata anything else that operators want to see
 * @param banner whether the first line of the log names the application and what it runs on
 */
public record ApplicationConfig(
        @Doc("What the application is called.") String name,
        @Doc("The application's own version.") String version,

        @Doc("The host it runs on, as shown to operators; the machine's host name if not set.") @Nullable
        String host,

        @Doc("Anything else an operator wants to see.") @Default("{}")
        Map<String, String> metadata,

        @Doc("Whether the first line names the application and what it runs on.") @Default("true")
        boolean banner) {}
