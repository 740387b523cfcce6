package io.lynx.openapi.other;

/** Has the simple name of another record. */
public record Line(int other) {}
