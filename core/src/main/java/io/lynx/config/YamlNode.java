package io.lynx.config;

import java.util.List;
import java.util.Map;

/** A part of a YAML document, with the line that it starts at (from 1). */
sealed interface YamlNode {
    int line();

    /** Returns the number of its nodes, with each alias counted as the nodes that it refers to. */
    int weight();

    /** A scalar as it was written; {@code isNull} for {@code ~}, {@code null} and an empty value. */
    record Scalar(String text, boolean isNull, int line) implements YamlNode {
        @Override
        public int weight() {
            return 1;
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, int line, int weight) implements YamlNode {}

    /** Keys and values, in the order of the file; {@code lines} has the line of each key. */
    record Mapping(Map<String, YamlNode> entries, Map<String, Integer> lines, int line, int weight)
            implements YamlNode {}
}
