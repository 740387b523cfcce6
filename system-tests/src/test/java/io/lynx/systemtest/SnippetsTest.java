package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The Java code of the guide is code that is compiled and run by a test: a block below {@code <!-- snippet: name -->} is,
 * but for its indentation, what stands between {@code // snippet: name} and {@code // end} in a test's source. A block below
 * {@code <!-- template: file -->} is a part of that file of a new project, which another test compiles.
 */
class SnippetsTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final Path GUIDE = ROOT.resolve("docs/guide");
    private static final Pattern SOURCE = Pattern.compile("(?m)^ *// snippet: (\\S+)\\R((?s:.*?))^ *// end$");
    private static final Pattern BLOCK =
            Pattern.compile("(?m)(?:^<!-- (snippet|template): (\\S+) -->\\R)?^```java\\R((?s:.*?))^```$");
    private static final Path TEMPLATE = ROOT.resolve("cli/src/main/resources/io/lynx/cli/project");
    /** Pages whose code is not compiled yet; a page that is leaves the list. */
    private static final Set<String> NOT_COMPILED = Set.of("configuration.md", "health.md");

    @Test
    void theCodeOfTheGuideIsCompiled() throws IOException {
        Map<String, String> sources = sources();
        List<String> problems = new ArrayList<>();
        Set<String> unused = new TreeSet<>(sources.keySet());
        for (Path page : files(GUIDE, ".md")) {
            String name = page.getFileName().toString();
            boolean loose = false;
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                String snippet = block.group(2);
                if (snippet == null) {
                    loose = true;
                    continue;
                }
                if (block.group(1).equals("template")) {
                    if (!lines(Files.readString(TEMPLATE.resolve(snippet))).contains(lines(block.group(3)))) {
                        problems.add(name + ": the template's " + snippet + " has no such lines:\n" + block.group(3));
                    }
                    continue;
                }
                unused.remove(snippet);
                if (!sources.containsKey(snippet)) {
                    problems.add(name + ": no test has the snippet '" + snippet + "'");
                } else if (!block.group(3).equals(sources.get(snippet))) {
                    problems.add(name + ": the snippet '" + snippet + "' is, in the test:\n" + sources.get(snippet));
                }
            }
            if (loose != NOT_COMPILED.contains(name)) {
                problems.add(name + (loose ? ": has a block that is no snippet" : ": is compiled; say so here"));
            }
        }
        unused.forEach(snippet -> problems.add("no page shows the snippet '" + snippet + "'"));

        assertThat(problems).isEmpty();
    }

    /** Returns the text without the indentation of its lines. */
    private static String lines(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (Path file : files(ROOT, ".java")) {
            if (!file.toString().contains("/src/test/java/") || file.endsWith("SnippetsTest.java")) {
                continue;
            }
            Matcher snippet = SOURCE.matcher(Files.readString(file));
            while (snippet.find()) {
                assertThat(sources.put(
                                snippet.group(1),
                                snippet.group(2).stripTrailing().stripIndent() + "\n"))
                        .as("snippet '" + snippet.group(1) + "' is there twice, the second time in " + file)
                        .isNull();
            }
        }
        return sources;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }
}
