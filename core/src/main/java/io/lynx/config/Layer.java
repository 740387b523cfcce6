package io.lynx.config;

import io.lynx.config.ConfigNode.Empty;
import io.lynx.config.ConfigNode.Items;
import io.lynx.config.ConfigNode.Nothing;
import io.lynx.config.ConfigNode.Text;
import io.lynx.config.ConfigNode.Value;
import io.lynx.config.ConfigurationException.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys and values of one source; a higher rank overrides a lower one. */
sealed interface Layer {
    /** The rank of the environment, above every file. */
    int ENVIRONMENT = 1_000_000;

    /** The rank of system properties, above the environment. */
    int PROPERTIES = 2_000_000;

    /** The rank of arguments, above system properties. */
    int ARGUMENTS = 3_000_000;

    /** The rank of values set in code, above all others. */
    int CODE = 4_000_000;

    /** Adds its keys and values to the tree at {@code root}. */
    void addTo(ConfigNode root, List<ConfigProblem> problems);

    /** A file or another YAML text. */
    record Yaml(String name, YamlNode.Mapping document, int rank) implements Layer {
        @Override
        public void addTo(ConfigNode root, List<ConfigProblem> problems) {
            add(root, document, problems);
        }

        private void add(ConfigNode parent, YamlNode.Mapping mapping, List<ConfigProblem> problems) {
            for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
                Origin origin = new Origin(name, mapping.lines().getOrDefault(entry.getKey(), mapping.line()));
                ConfigNode node = parent.at(entry.getKey(), origin);
                node.markWholeKey();
                Value twice = fill(node, entry.getValue(), origin, problems);
                if (twice instanceof Text || twice instanceof Items) {
                    problems.add(new ConfigProblem(origin + ": the key '" + entry.getKey() + "' again, first at "
                            + twice.origin() + "; write it once"));
                }
                parent.prune(entry.getKey());
            }
        }

        private @Nullable Value fill(ConfigNode node, YamlNode value, Origin origin, List<ConfigProblem> problems) {
            return switch (value) {
                case YamlNode.Scalar scalar when scalar.isNull() -> nothing(node, scalar, origin);
                case YamlNode.Scalar scalar ->
                    node.put(new Text(scalar.text(), false, new Origin(name, scalar.line())), rank);
                case YamlNode.Sequence sequence -> node.put(new Items(items(sequence, problems), origin), rank);
                case YamlNode.Mapping mapping when mapping.entries().isEmpty() -> node.put(new Empty(origin), rank);
                case YamlNode.Mapping mapping -> {
                    add(node, mapping, problems);
                    yield null;
                }
            };
        }

        /**
         * Sets a null, which restores the default of a value. An explicit one removes the section that sources of lower rank
         * set. A section without a value, as one whose keys are all commented out, changes nothing in it.
         */
        private @Nullable Value nothing(ConfigNode node, YamlNode.Scalar scalar, Origin origin) {
            boolean isSection = !node.isBare() && !node.hasContent();
            if (isSection && !scalar.text().isEmpty()) {
                node.clear(rank);
                if (node.isBare()) {
                    return null;
                }
            }
            return node.put(new Nothing(origin), rank);
        }

        private List<ConfigNode> items(YamlNode.Sequence sequence, List<ConfigProblem> problems) {
            List<ConfigNode> items = new ArrayList<>();
            for (YamlNode item : sequence.items()) {
                Origin origin = new Origin(name, item.line());
                ConfigNode node = new ConfigNode(origin);
                fill(node, item, origin, problems);
                items.add(node);
            }
            return items;
        }
    }

    /** Dotted keys, each with one value. */
    record Flat(List<Pair> pairs, int rank) implements Layer {
        /** A dotted key, its value and its origin. */
        record Pair(String key, String value, Origin origin) {}

        @Override
        public void addTo(ConfigNode root, List<ConfigProblem> problems) {
            for (Pair pair : pairs) {
                root.at(pair.key, pair.origin).put(new Text(pair.value, true, pair.origin), rank);
            }
        }
    }
}
