package io.lynx.recovery;

import org.jspecify.annotations.Nullable;

/**
 * A strategy that was registered, and for what.
 *
 * @param component whose errors it is for; null for those of all
 * @param errorType the type that it is for, or the category's name
 * @param strategy its name
 */
public record RegisteredStrategy(@Nullable String component, String errorType, String strategy) {}
