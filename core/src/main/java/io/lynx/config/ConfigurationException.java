package io.lynx.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The application cannot start as it is configured, in which case the process exits with 78, or does not take a changed
 * configuration over. It carries every problem that was found, not the first alone.
 */
public final class ConfigurationException extends RuntimeException {
    private final List<ConfigProblem> problems;

    /** An exception whose message lists {@code problems}, a line each. */
    public ConfigurationException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::message).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of their keys. */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * Something wrong with the configuration or the set of plugins, found before anything was opened.
     *
     * @param message the whole line for the user: <em>key: offending value (where it came from); what is allowed</em>
     */
    public record ConfigProblem(String message) {}
}
