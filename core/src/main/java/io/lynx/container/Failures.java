package io.lynx.container;

import org.jspecify.annotations.Nullable;

/** How failures of one piece of work are put together: the first is the cause, later ones are suppressed on it. */
public final class Failures {
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

    /** Whether the virtual machine itself cannot be trusted any more; a stack that overflowed has been unwound. */
    public static boolean isFatal(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    /** One line about a failure, even if it has no message. */
    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getName() : message;
    }
}
