package io.lynx.recovery;

import java.util.Optional;

/** A user's rule about exceptions. Must be thread-safe; one that throws is passed over. */
@FunctionalInterface
public interface ClassificationRule {
    /** What {@code throwable} means; empty if the rule knows nothing about it. Causes are asked about one by one. */
    Optional<Classification> classify(Throwable throwable);
}
