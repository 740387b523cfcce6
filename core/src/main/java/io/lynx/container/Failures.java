package io.lynx.container;

import org.jspecify.annotations.Nullable;

/** How failures of one piece of work are put together: the first is the cause, later ones are suppressed on it. */
final class Failures {
    private Failures() {}

    /** The failure that stands for both; {@code first} if there is one. */
    @SuppressWarnings("ReferenceEquality") // A throwable must not suppress itself, whatever it says it equals.
    static @Nullable Throwable join(@Nullable Throwable first, @Nullable Throwable later) {
        if (first == null) {
            return later;
        }
        if (later != null && later != first) {
            first.addSuppressed(later);
        }
        return first;
    }
}
