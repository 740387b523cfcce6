package io.lynx.config;

/**
 * Something wrong with the configuration or the set of plugins, found before anything was opened.
 *
 * @param message the whole line for the user: <em>key: offending value (where it came from); what is allowed</em>
 */
public record ConfigProblem(String message) {}
