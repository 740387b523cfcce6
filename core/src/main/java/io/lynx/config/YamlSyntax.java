package io.lynx.config;

import java.util.Objects;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Words the problems of a text that is not YAML. They do not repeat the text, which may be a secret. Stateless. */
final class YamlSyntax {
    private static final String UNDEFINED_TAG = "found undefined tag handle";
    private static final String REPEATED = ", but found: ";

    private YamlSyntax() {}

    /** Returns what is wrong with {@code text}, the content of the file {@code name}, and where. */
    static String problem(String name, String text, MarkedYamlEngineException invalid) {
        String problem = Objects.requireNonNullElse(invalid.getProblem(), "");
        // The parser finds an unclosed construct at the end of the file; the place to correct is its beginning.
        boolean isUnclosed = problem.contains("end of stream");
        Optional<Mark> mark = isUnclosed
                ? invalid.getContextMark().or(invalid::getProblemMark)
                : invalid.getProblemMark().or(invalid::getContextMark);
        String tab = mark.map(m -> tabAt(name, text, m.getLine() + 1)).orElse("");
        if (!tab.isEmpty()) {
            return tab;
        }
        String where = mark.map(m -> ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
                .orElse("");
        if (problem.startsWith(UNDEFINED_TAG)) {
            return name + where + ": " + YamlReader.UNKNOWN_TAG;
        }
        int repeated = problem.indexOf(REPEATED);
        String context = invalid.getContext();
        return name + where + ": not YAML: " + (context == null || context.isBlank() ? "" : context + ", ")
                + (repeated < 0 ? problem : problem.substring(0, repeated));
    }

    /** Returns the problem of a line with a tab behind a colon or at its beginning; empty if it has none. */
    private static String tabAt(String name, String text, int number) {
        String line = text.lines().skip(number - 1L).findFirst().orElse("");
        int tab = line.indexOf('\t');
        boolean separates = tab > 0 && line.charAt(tab - 1) == ':';
        boolean indents = tab >= 0 && line.substring(0, tab).isBlank();
        return separates || indents
                ? name + ":" + number + ":" + (tab + 1) + ": a tab "
                        + (separates ? "after the colon" : "as indentation") + "; YAML wants spaces"
                : "";
    }
}
