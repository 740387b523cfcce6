package io.lynx.systemtest.dist;

import java.util.List;

/** The distribution cannot be made. */
final class DistException extends RuntimeException {
    private final List<String> problems;

    DistException(String problem) {
        this(List.of(problem));
    }

    DistException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns every problem, as sentences for the user. */
    List<String> problems() {
        return problems;
    }
}
