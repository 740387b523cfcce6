package io.lynx.recovery;

import java.util.Locale;
import java.util.Optional;

/** The part of the system that an error comes from. */
public enum ErrorCategory {
    /** Connections and name resolution. */
    NETWORK,
    /** Errors reported by a database. */
    DATABASE,
    /** Invalid settings. */
    CONFIGURATION,
    /** The start, stop or health of a plugin. */
    PLUGIN,
    /** Memory, threads, quotas, files. */
    RESOURCE,
    /** Authentication, permissions, certificates. Never leads to a restart. */
    SECURITY,
    /** An operation exceeded its timeout. */
    TIMEOUT,
    /** Invalid input. Never leads to a restart. */
    VALIDATION,
    /** The virtual machine, and everything else. */
    SYSTEM;

    /** Returns the name in metrics and JSON, such as {@code database}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the category that an error type names, ignoring case; empty if it names none. */
    public static Optional<ErrorCategory> named(String errorType) {
        for (ErrorCategory category : values()) {
            if (category.name().equalsIgnoreCase(errorType)) {
                return Optional.of(category);
            }
        }
        return Optional.empty();
    }
}
