package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
    private static final ConfigSection<Text> TEXT = ConfigSection.of("app", Text.class);

    record Text(
            @Default("-") String value, @Default("fallback") String other, String third) {}

    @TempDir
    Path directory;

    private Binding bind(String yaml) {
        return ConfigSources.none()
                .workingDirectory(directory)
                .environment(Map.of("HOST", "db.internal", "EMPTY", "", "NESTED", "${HOST}", "DB_PASSWORD", "pa$${ss"))
                .systemProperties(Map.of("region", "eu"))
                .yaml("config.yml", yaml + "\napp.third: x\n")
                .load()
                .bind(TEXT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${HOST} | db.internal",
                "http://${HOST}:80/ | http://db.internal:80/",
                "${region} | eu",
                "${app.third} | x",
                "${app.other} | fallback",
                "${NONE:x} | x",
                "${NONE:} | ''",
                "${HOST:x} | db.internal",
                "${EMPTY:x} | ''",
                "${NONE:http://x:80/} | http://x:80/",
                "${NONE:${ALSO_NONE:deep}} | deep",
                "${NONE:${HOST}-1} | db.internal-1",
                "${HOST:${UNSET}} | db.internal",
                "${NESTED} | ${HOST}",
                "$${HOST} | ${HOST}",
                "$${HOST}${HOST} | ${HOST}db.internal",
                "${NONE:$${a}} | ${a}",
                "$HOST $ $$ } | $HOST $ $$ }",
            })
    void replaces(String value, String expected) {
        assertThat(bind("app.value: '" + value + "'").orThrow().get(TEXT).value())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${NONE} | refers to 'NONE', which is not set (config.yml:1); set the environment variable NONE or"
                        + " write ${NONE:default}",
                "${HOST | has something other than a name in ${…} at character 1 (config.yml:1); write ${NAME} or"
                        + " ${NAME:default}, or $${ for the two characters themselves",
                "${} | has something other than a name in ${…} at character 1 (config.yml:1); write ${NAME} or"
                        + " ${NAME:default}, or $${ for the two characters themselves",
                "a${HO ST} | has something other than a name in ${…} at character 2 (config.yml:1); write ${NAME} or"
                        + " ${NAME:default}, or $${ for the two characters themselves",
                "${NONE:x | has no closing brace (config.yml:1); write ${NAME}, or $${ for the two characters"
                        + " themselves",
                "${app.value} | refers to 'app.value', which leads back here (config.yml:1); a value that stands by"
                        + " itself",
                "${file:nowhere} | names a file that does not exist (config.yml:1); mount it, or correct the path",
            })
    void says(String value, String rest) {
        assertThat(bind("app.value: '" + value + "'").problems())
                .extracting(ConfigProblem::message)
                .containsExactly("app.value: '" + value + "' " + rest);
    }

    @Test
    void anOverriddenValueNeedNotExpand() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "app: {value: '${NONE}', third: x}")
                .args("--app.value=${literal}")
                .load()
                .bind(TEXT);

        assertThat(binding.orThrow().get(TEXT).value()).isEqualTo("${literal}");
    }

    @Test
    void mountedSecretIsReadAndNeverShown() throws Exception {
        Files.writeString(directory.resolve("token"), "s3cret-value\n");

        Binding binding = bind("app.value: ${file:token}").orThrow();

        assertThat(binding.get(TEXT).value()).isEqualTo("s3cret-value");
        assertThat(ConfigTable.print(binding.table()))
                .doesNotContain("s3cret-value")
                .contains("***");
    }

    @Test
    void aValueComposedOfASecretIsASecret() {
        Binding binding = bind("app.value: jdbc:x?password=${DB_PASSWORD}").orThrow();

        assertThat(binding.get(TEXT).value()).isEqualTo("jdbc:x?password=pa$${ss");
        assertThat(ConfigTable.print(binding.table())).doesNotContain("pa$${ss");
    }

    @Test
    void hugeSecretFileIsRefused() throws Exception {
        Files.write(directory.resolve("token"), new byte[100_000]);

        assertThat(bind("app.value: ${file:token}").problems())
                .extracting(ConfigProblem::message)
                .containsExactly("app.value: '${file:token}' names a file of more than 65536 bytes (config.yml:1);"
                        + " a file that holds the value alone");
    }

    @Test
    void exponentialExpansionIsBounded() {
        StringBuilder yaml = new StringBuilder("app.value: ${k30}\nk0: xxxxxxxxxx\n");
        for (int i = 1; i <= 30; i++) {
            yaml.append("k%d: ${k%d}${k%d}\n".formatted(i, i - 1, i - 1));
        }

        assertThat(bind(yaml.toString()).problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .contains("1048576 characters");
    }

    @Test
    void longChainsAreBounded() {
        StringBuilder yaml = new StringBuilder("app.value: ${k9999}\nk0: x\n");
        for (int i = 1; i < 10_000; i++) {
            yaml.append("k%d: ${k%d}\n".formatted(i, i - 1));
        }

        assertThat(bind(yaml.toString()).problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .contains("is nested too deep");
    }

    @Test
    void deepDefaultsAreBounded() {
        assertThat(bind("app.value: '" + "${A:".repeat(10_000) + "}".repeat(10_000) + "'")
                        .problems())
                .singleElement()
                .extracting(ConfigProblem::message)
                .asString()
                .contains("is nested too deep");
    }
}
