package io.lynx.admin;

/**
 * What the pages under {@code /debug/} are, as {@code /debug/} lists them.
 *
 * @param method {@code GET} for looking, {@code POST} for a change
 * @param path a template
 * @param description one sentence
 */
record Operation(String method, String path, String description) {}
