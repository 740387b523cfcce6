package io.lynx.systemtest.prometheus;

import io.lynx.systemtest.process.Folders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rule files that are shipped.
 *
 * @param files where they are
 */
public record Rules(List<Path> files) {
    private static final Pattern RANGE = Pattern.compile("\\[\\d+[a-z]+]");
    private static final Pattern OFFSET = Pattern.compile("\\boffset \\d+[a-z]+");
    private static final Pattern FOR = Pattern.compile("(?m)^(\\s+for:) .*$");
    private static final Pattern INTERVAL = Pattern.compile("(?m)^(\\s+interval:) .*$");

    /**
     * An alert.
     *
     * @param holdFor how long the expression has to have a result before it fires, as written; empty for at once
     */
    public record Alert(
            Path file,
            String group,
            String name,
            String expression,
            String holdFor,
            Map<String, String> labels,
            Map<String, String> annotations) {
        /** Copies the maps. */
        public Alert {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }
    }

    /** A series that is computed from others. */
    public record Recording(Path file, String group, String name, String expression) {}

    /** Copies the list. */
    public Rules {
        files = List.copyOf(files);
    }

    /** Those of the repository. */
    public static Rules shipped() {
        return new Rules(Folders.files(Ops.RULES, ".yml"));
    }

    /** All alerts, in the order of the files. */
    public List<Alert> alerts() {
        List<Alert> alerts = new ArrayList<>();
        each((file, group, rule) -> {
            if (rule.containsKey("alert")) {
                alerts.add(new Alert(
                        file,
                        group,
                        Yaml.text(rule, "alert"),
                        Yaml.text(rule, "expr"),
                        Yaml.text(rule, "for"),
                        Yaml.strings(rule, "labels"),
                        Yaml.strings(rule, "annotations")));
            }
        });
        return alerts;
    }

    /** All recording rules, in the order of the files. */
    public List<Recording> recordings() {
        List<Recording> recordings = new ArrayList<>();
        each((file, group, rule) -> {
            if (rule.containsKey("record")) {
                recordings.add(new Recording(file, group, Yaml.text(rule, "record"), Yaml.text(rule, "expr")));
            }
        });
        return recordings;
    }

    /**
     * Writes copies whose alerts fire within seconds: every range and offset is {@code window}, every {@code for} and every
     * group's interval {@code hold}; names, thresholds, labels and texts are the same. A threshold that is a time stays
     * as long as it is.
     *
     * @param folder where they go, under their own names
     * @param window several times the interval of the scrapes, in whole seconds
     * @param hold in whole seconds, 1 or more
     */
    public Rules quick(Path folder, Duration window, Duration hold) {
        List<Path> copies = new ArrayList<>();
        for (Path file : files) {
            Path copy = folder.resolve(file.getFileName());
            Ops.write(copy, quick(Ops.read(file), seconds(window), seconds(hold)));
            copies.add(copy);
        }
        return new Rules(copies);
    }

    static String quick(String rules, String window, String hold) {
        String text = RANGE.matcher(rules).replaceAll("[" + window + "]");
        text = OFFSET.matcher(text).replaceAll("offset " + window);
        text = FOR.matcher(text).replaceAll("$1 " + hold);
        return INTERVAL.matcher(text).replaceAll("$1 " + hold);
    }

    private static String seconds(Duration duration) {
        if (duration.toSeconds() < 1) {
            throw new IllegalArgumentException("duration: " + duration + "; 1 s or longer");
        }
        return duration.toSeconds() + "s";
    }

    private interface Visitor {
        void visit(Path file, String group, Map<?, ?> rule);
    }

    private void each(Visitor visitor) {
        for (Path file : files) {
            for (Object group : Yaml.list(Yaml.read(file), "groups")) {
                String name = Yaml.text(Yaml.map(group), "name");
                for (Object rule : Yaml.list(Yaml.map(group), "rules")) {
                    visitor.visit(file, name, Yaml.map(rule));
                }
            }
        }
    }
}
