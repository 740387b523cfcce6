package io.lynx.config;

import java.util.List;
import java.util.Map;

/** A part of a YAML document, with the line it starts at (from 1). */
sealed interface YamlNode {
    int line();

    /** The number of nodes in it, each alias counted as what it stands for. */
    int weight();

    /** A scalar as it was written; {@code isNull} for {@code ~}, {@code null} and nothing at all. */
    record Scalar(String text, boolean isNull, int line) implements YamlNode {
        @Override
        public int weight() {
            return 1;
        }
    }

    /** A list. */
    record Sequence(List<YamlNode> items, int line, int weight) implements YamlNode {}

    /** Keys and values, in the order of the file; the key's line is its value's entry in {@code lines}. */
    record Mapping(Map<String, YamlNode> entries, Map<String, Integer> lines, int line, int weight)
            implements YamlNode {}
}
