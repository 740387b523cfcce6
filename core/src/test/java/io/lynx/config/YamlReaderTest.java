package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    private Optional<YamlNode.Mapping> read(String text) {
        return YamlReader.read("config.yml", text, problems);
    }

    private List<String> messages() {
        return problems.stream().map(ConfigProblem::message).toList();
    }

    private static String scalar(YamlNode.Mapping mapping, String key) {
        return ((YamlNode.Scalar)
                        java.util.Objects.requireNonNull(mapping.entries().get(key)))
                .text();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "---\n...\n", "~\n"})
    void emptyDocumentsAreAccepted(String text) {
        assertThat(read(text)).isEmpty();

        assertThat(problems).isEmpty();
    }

    @Test
    void scalarsStayAsTheyAreWritten() {
        YamlNode.Mapping mapping =
                read("a: 1.0\nb: 0x1F\nc: 'no'\nd: 2026-01-01\ne: 010\n").orElseThrow();

        assertThat(scalar(mapping, "a")).isEqualTo("1.0");
        assertThat(scalar(mapping, "b")).isEqualTo("0x1F");
        assertThat(scalar(mapping, "c")).isEqualTo("no");
        assertThat(scalar(mapping, "d")).isEqualTo("2026-01-01");
        assertThat(scalar(mapping, "e")).isEqualTo("010");
    }

    @Test
    void windowsLineEndsCountAsOneLine() {
        YamlNode.Mapping mapping = read("a: 1\r\n\r\nb: 2\r\n").orElseThrow();

        assertThat(scalar(mapping, "b")).isEqualTo("2");
        assertThat(mapping.lines()).containsEntry("b", 3);
    }

    @Test
    void anchorsAndMergeKeysWork() {
        YamlNode.Mapping mapping = read("""
            base: &base
              x: 1
              y: 2
            one:
              <<: *base
              y: 3
            two: *base
            """).orElseThrow();

        YamlNode.Mapping one = (YamlNode.Mapping)
                java.util.Objects.requireNonNull(mapping.entries().get("one"));
        assertThat(scalar(one, "x")).isEqualTo("1");
        assertThat(scalar(one, "y")).isEqualTo("3");
        assertThat(mapping.entries().get("two")).isEqualTo(mapping.entries().get("base"));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: 1\na: 2\n' | config.yml:2:1: the key 'a' again, first in line 1; write it once",
                "'[a]: 1\n' | config.yml:1:1: a key that is a list, a section or an alias; keys are text",
                "'? {a: 1}\n: 1\n' | config.yml:1:3: a key that is a list, a section or an alias; keys are text",
                "'~: 1\n' | config.yml:1:1: an empty key; keys are text",
                "'a: 1\n---\nb: 2\n' | config.yml:2:1: a second document; a configuration file is one document",
                "'- a\n' | config.yml:1:1: a list; a configuration file holds keys and values",
                "'just text' | config.yml:1:1: one value; a configuration file holds keys and values",
                "'a: *b\n' | config.yml:1:4: a value that begins with '*' is an alias, and no anchor of its name ends before"
                        + " it; quote the value if it is text",
                "'a: &a\n  b: *a\n' | config.yml:2:6: a value that begins with '*' is an alias, and no anchor of its name"
                        + " ends before it; quote the value if it is text",
                "'a: &b\n' | config.yml:1:4: a value that begins with '&' is an anchor, and nothing follows it; quote the"
                        + " value if it is text",
                "'a: !!python/object x\n' | config.yml:1:4: a value that begins with '!' has a tag, and this one is unknown;"
                        + " quote the value if it is text",
                "'a: !x!y z\n' | config.yml:1:4: a value that begins with '!' has a tag, and this one is unknown; quote the"
                        + " value if it is text",
                "'a: 1\n<<: 2\n' | config.yml:2:1: '<<' merges something that is not a section",
            })
    void saysWhereAndWhat(String text, String message) {
        read(text);

        assertThat(messages()).containsExactly(message);
    }

    @Test
    void duplicateKeysAreAllFound() {
        read("a:\n  b: 1\n  b: 2\na: 3\nc: 1\nc: 2\n");

        assertThat(messages())
                .containsExactly(
                        "config.yml:3:3: the key 'b' again, first in line 2; write it once",
                        "config.yml:4:1: the key 'a' again, first in line 1; write it once",
                        "config.yml:6:1: the key 'c' again, first in line 5; write it once");
    }

    @Test
    void tabsAreNamedWithTheirPlace() {
        assertThat(read("a:\n\tb: 1\n")).isEmpty();

        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("config.yml:2:1: a tab as indentation; YAML wants spaces")
                .contains("a tab");
    }

    @Test
    void syntaxErrorsHaveLineAndColumn() {
        assertThat(read("a: 1\nb: [1, 2\nc: 3\n")).isEmpty();

        assertThat(messages()).singleElement().asString().startsWith("config.yml:3:2: not YAML: ");
    }

    @Test
    void controlCharactersAreNamedByLine() {
        assertThat(read("a: 1\nb: \u0007\n")).isEmpty();

        assertThat(messages()).containsExactly("config.yml:2: the character U+0007; YAML allows printable ones only");
    }

    @Test
    void anAliasBombIsRefusedQuickly() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            for (int j = 0; j < 10; j++) {
                bomb.append(j == 0 ? "*a" : ", *a").append(i - 1);
            }
            bomb.append("]\n");
        }

        assertThat(read(bomb.toString())).isEmpty();

        assertThat(messages()).singleElement().asString().endsWith("more than 100000 values, aliases counted in full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: "})
    void deepNestingIsRefused(String opening) {
        assertThat(read("x: " + opening.repeat(100_000))).isEmpty();

        assertThat(messages()).singleElement().asString().endsWith("nested more than 64 deep");
    }

    @Test
    void manyValuesAreRefused() {
        assertThat(read("x: [" + "1,".repeat(200_000) + "1]\n")).isEmpty();

        assertThat(messages()).containsExactly("config.yml:1:199999: more than 100000 values, aliases counted in full");
    }
}
