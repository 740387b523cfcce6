package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a secret, its value is not told. */
class SecretProblemsTest {
    private static final String VALUE = "hunter2hunter2";
    private static final ConfigSection<Login> LOGIN = ConfigSection.of("lynx.login", Login.class);

    record Login(
            @Secret @Default("changeme") String phrase,
            @Secret @Range(max = "3") @Default("1") int pin,
            @Secret List<String> codes,
            @Secret @Default("") Code code,
            @Secret @Default("no-1") Numbered numbered,
            @Default("x") String password,
            @Default("http://localhost") String url,
            Map<String, String> metadata) {
        Login {
            if (phrase.length() > 12) {
                throw new IllegalArgumentException("phrase '" + phrase + "' is longer than 12");
            }
        }
    }

    record Code(String text) {
        static Code of(String text) {
            if (text.length() > 5) {
                throw new IllegalArgumentException("not " + text + " but five letters");
            }
            return new Code(text);
        }
    }

    record Numbered(int number) {
        static Numbered of(String text) {
            return new Numbered(Integer.parseInt(text.substring(3)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phrase: hunter2hunter2 | lynx.login: phrase '***' is longer than 12 (config.yml:1)",
                "pin: hunter2hunter2 | lynx.login.pin: the value is not a whole number (config.yml:2); write one such"
                        + " as 10",
                "pin: 4 | lynx.login.pin: the value is out of range (config.yml:2); at most 3",
                "codes: hunter2hunter2 | lynx.login.codes: the value is one value (config.yml:2); a list, such as [a,"
                        + " b]",
                "code: hunter2hunter2 | lynx.login.code: the value is not allowed (config.yml:2); not *** but five"
                        + " letters",
                "numbered: hunter2hunter2 | lynx.login.numbered: the value is not allowed (config.yml:2); For input string:"
                        + " \"***\"",
                "numbered: ab | lynx.login.numbered: the value is not allowed (config.yml:2); Numbered.of failed with"
                        + " java.lang.StringIndexOutOfBoundsException: Range [3, 2) out of bounds for length 2",
                "phrase: 'hunter2hunter2${X}' | lynx.login.phrase: the value refers to 'X', which is not set"
                        + " (config.yml:2); set the environment variable X or write ${X:default}",
                "phrase: [hunter2hunter2] | lynx.login.phrase: is a list (config.yml:2); one value, such as text",
                "pasword: hunter2hunter2 | lynx.login.pasword: unknown (config.yml:2); did you mean 'password'?",
            })
    void problemsDoNotTell(String line, String message) {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "lynx.login:\n  " + line + "\n")
                .load()
                .bind(LOGIN);

        assertThat(binding.problems()).extracting(ConfigProblem::message).containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*hunter2hunter2",
                "*hunter2 hunter2",
                "&hunter2hunter2",
                "&hunter2[hunter2",
                "!hunter2hunter2",
                "!hunter2!hunter2",
                "!<hunter2hunter2> x",
                "\"\\Uhunter2hunter2\"",
            })
    void anUnquotedSecretThatIsNotPlainTextIsReportedAndNotTold(String value) {
        List<ConfigProblem> problems = ConfigSources.none()
                .yaml("config.yml", "lynx.login:\n  password: " + value + "\n")
                .load()
                .problems();

        assertThat(problems)
                .extracting(ConfigProblem::message)
                .singleElement()
                .asString()
                .startsWith("config.yml:2:")
                .doesNotContain("unt");
    }

    @Test
    void noProblemOfAFileRepeatsAValue() {
        List<ConfigProblem> problems = new ArrayList<>();
        for (char first = '!'; first < 0x7f; first++) {
            for (char second = '!'; second < 0x7f; second++) {
                String value = first + "hunter2" + second + "grunted2";
                YamlReader.read("config.yml", "password: " + value + "\n", problems);
                YamlReader.read("config.yml", "password: \"" + value + "\"\n", problems);
                YamlReader.read("config.yml", "passwords: [" + value + "]\n", problems);
            }
        }

        assertThat(problems).hasSizeGreaterThan(100);
        assertThat(problems.stream().map(ConfigProblem::message).filter(message -> message.contains("unt")))
                .isEmpty();
    }

    @Test
    void theTableMasksSecrets() {
        Binding binding =
                ConfigSources.none().yaml("config.yml", """
                    lynx.login:
                      phrase: hunter2h
                      codes: [hunter2, hunter3]
                      password: hunter4
                      url: postgres://me:hunter5@host/db?a=b
                      metadata: {team: a, api_key: hunter6, deploy.token: hunter7}
                    """).load().bind(LOGIN).orThrow();

        String table = ConfigTable.print(binding.table());

        assertThat(table).doesNotContain("hunter", "changeme").contains("[***, ***]", "postgres://me:***@host/db?a=b");
        assertThat(binding.get(LOGIN).codes()).containsExactly("hunter2", "hunter3");
    }

    @Test
    void aChangedSecretIsListedWithoutItsValue() {
        Binding before = ConfigSources.none()
                .value("lynx.login.password", "a", "test")
                .load()
                .bind(LOGIN);
        Binding after = ConfigSources.none()
                .value("lynx.login.password", VALUE, "test")
                .load()
                .bind(LOGIN);

        assertThat(before.changesTo(after)).singleElement().satisfies(change -> {
            assertThat(change.key()).isEqualTo("lynx.login.password");
            assertThat(change.toString()).doesNotContain(VALUE);
        });
    }
}
