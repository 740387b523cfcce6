package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;
import java.util.Optional;

/** A rule of the application that classifies exceptions. Implementations are thread-safe. */
@ExtensionPoint(thread = "the thread that records the error", deadline = "none")
@FunctionalInterface
public interface ClassificationRule {
    /**
     * Returns the classification of {@code throwable}; empty if the rule does not apply to it. Called for an exception and
     * for each of its causes. What it throws is logged, and the next rule is tried.
     */
    Optional<Classification> classify(Throwable throwable);
}
