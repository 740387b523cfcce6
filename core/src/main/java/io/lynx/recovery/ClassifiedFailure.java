package io.lynx.recovery;

/** An exception that knows its own classification, which takes the place of the built-in table. Immutable. */
public interface ClassifiedFailure {
    /** Returns the classification. */
    Classification classification();
}
