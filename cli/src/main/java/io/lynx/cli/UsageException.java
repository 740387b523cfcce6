package io.lynx.cli;

import java.util.List;

/** The arguments of a command are wrong. */
final class UsageException extends Exception {
    private final List<String> problems;

    UsageException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns every problem, as sentences for the user. */
    List<String> problems() {
        return problems;
    }
}
