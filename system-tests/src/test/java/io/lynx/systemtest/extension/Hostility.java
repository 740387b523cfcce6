package io.lynx.systemtest.extension;

/** What hostile code does when the framework calls it. */
enum Hostility {
    RUNTIME_EXCEPTION,
    STACK_OVERFLOW,
    LINKAGE_ERROR,
    /** An exception whose own methods throw. */
    UNREADABLE_EXCEPTION,
    /** Returns null where an object is expected. */
    NULL,
    /** Does not return, and ignores interrupts. */
    HANG,
    /** Interrupts its thread and returns normally. */
    INTERRUPT;

    /** Returns whether the code throws. */
    boolean isThrown() {
        return compareTo(NULL) < 0;
    }
}
