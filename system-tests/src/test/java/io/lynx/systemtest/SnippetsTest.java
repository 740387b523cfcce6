package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
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
import org.junit.jupiter.api.Test;

/**
 * Compares the Java code of all pages with code that is compiled: a block below {@code <!-- snippet: name -->} equals, apart
 * from its indentation, the lines between {@code // snippet: name} and {@code // end} in a test or an example. A block below
 * {@code <!-- template: file -->} is a part of that file of a new project, which another test compiles.
 */
class SnippetsTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final Pattern SOURCE = Pattern.compile("(?m)^ *// snippet: (\\S+)\\R((?s:.*?))^ *// end$");
    private static final Pattern BLOCK =
            Pattern.compile("(?m)(?:^<!-- (snippet|template): (\\S+) -->\\R)?^```java\\R((?s:.*?))^```$");
    private static final Path TEMPLATE = ROOT.resolve("cli/src/main/resources/io/lynx/cli/project");

    @Test
    void everyJavaBlockOfAPageIsCompiledCode() throws IOException {
        Map<String, String> sources = sources();
        List<String> problems = new ArrayList<>();
        Set<String> unused = new TreeSet<>(sources.keySet());
        for (Path page : files(".md")) {
            Path name = ROOT.relativize(page);
            Matcher block = BLOCK.matcher(Files.readString(page));
            while (block.find()) {
                String snippet = block.group(2);
                if (snippet == null) {
                    problems.add(name + ": a block has no snippet:\n" + block.group(3));
                    continue;
                }
                if (block.group(1).equals("template")) {
                    if (!lines(Files.readString(TEMPLATE.resolve(snippet))).contains(lines(block.group(3)))) {
                        problems.add(name + ": the template's " + snippet + " has no such lines:\n" + block.group(3));
                    }
                    continue;
                }
                unused.remove(snippet);
                String source = sources.get(snippet);
                if (source == null) {
                    problems.add(name + ": no source has the snippet '" + snippet + "'");
                } else if (!block.group(3).equals(source)) {
                    problems.add(name + ": the snippet '" + snippet + "' is in the source:\n" + source);
                }
            }
        }
        unused.forEach(snippet -> problems.add("no page shows the snippet '" + snippet + "'"));

        assertThat(problems).isEmpty();
    }

    private static String lines(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n"));
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (Path file : files(".java")) {
            String path = ROOT.relativize(file).toString();
            boolean canShow = path.contains("src/test/java/") || path.startsWith("examples/");
            if (!canShow || file.endsWith("SnippetsTest.java")) {
                continue;
            }
            Matcher snippet = SOURCE.matcher(Files.readString(file));
            while (snippet.find()) {
                assertThat(sources.put(
                                snippet.group(1),
                                snippet.group(2).stripTrailing().stripIndent() + "\n"))
                        .as("second snippet '%s', in %s", snippet.group(1), path)
                        .isNull();
            }
        }
        return sources;
    }

    /** Returns the files of the project that end so; neither what is built nor what is downloaded. */
    static List<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            // Others may build meanwhile.
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean isMade = ROOT.relativize(folder).toString().matches("(.*/)?(target[^/]*|node_modules|\\.git)");
                return isMade ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found.stream().sorted().toList();
    }
}
