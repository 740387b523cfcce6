package io.lynx.plugin;

import io.lynx.extension.Registration;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryStrategy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application's recovery of errors as one plugin uses it: it records errors and registers strategies, which are removed
 * when the plugin stops. Thread-safe; recording neither blocks nor throws.
 */
public interface PluginErrorRecovery {
    /**
     * Records an error.
     *
     * @param errorType the type under which it is counted, such as {@code database}
     * @param message the description; kept up to 1 KiB, with secrets masked
     * @param component the component that failed; the id of a plugin if a restart may help
     * @param context details that help to find the cause; copied, bounded and masked
     */
    void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            ErrorSeverity severity,
            @Nullable Map<String, ?> context);

    /** Records an exception of this plugin, classified by the application's rules. */
    void recordError(Throwable failure);

    /** Records an error from a report. */
    void recordError(ErrorReport report);

    /** Registers a strategy for the errors of this plugin of one type. It is tried before those of the type and category. */
    Registration register(String errorType, RecoveryStrategy strategy);

    /** Registers a strategy for the errors of all components of one type. */
    Registration registerForAll(String errorType, RecoveryStrategy strategy);

    /** Registers a strategy for the errors of all components of one category that have none for their type. */
    Registration registerForAll(ErrorCategory category, RecoveryStrategy strategy);
}
