package io.lynx.recovery;

import java.util.Locale;
import java.util.Optional;

/** What part of the world an error comes from. */
public enum ErrorCategory {
    /** Connections and name resolution. */
    NETWORK,
    /** What a database says. */
    DATABASE,
    /** Wrong settings. */
    CONFIGURATION,
    /** The life of a plugin. */
    PLUGIN,
    /** Memory, threads, quotas, files. */
    RESOURCE,
    /** Authentication, permissions, certificates; never answered with a restart. */
    SECURITY,
    /** Something took too long. */
    TIMEOUT,
    /** Wrong input; never answered with a restart. */
    VALIDATION,
    /** The virtual machine, and all that has no better place. */
    SYSTEM;

    /** The name in metrics and JSON, such as {@code database}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The category that an error type names, in any case; empty if it names none. */
    public static Optional<ErrorCategory> named(String errorType) {
        for (ErrorCategory category : values()) {
            if (category.name().equalsIgnoreCase(errorType)) {
                return Optional.of(category);
            }
        }
        return Optional.empty();
    }
}
