package io.lynx.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Signals a configuration that the application cannot start with (the process exits with 78) or cannot be reloaded
 * with. It carries every problem that was found, not only the first.
 */
public final class ConfigurationException extends RuntimeException {
    private final List<ConfigProblem> problems;

    /** Creates an exception whose message lists {@code problems}, one on each line. */
    public ConfigurationException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::message).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns all problems, ordered by key. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * A problem of the configuration or of the set of plugins, found before any resource was opened.
     *
     * @param message the whole line for the user: <em>key: offending value (where it came from); what is allowed</em>
     */
    public record ConfigProblem(String message) {}
}
