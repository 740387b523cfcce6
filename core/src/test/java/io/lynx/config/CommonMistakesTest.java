package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users write by mistake either works or gets a message that says what to write. */
class CommonMistakesTest {
    private static final ConfigSection<Shop> SHOP = ConfigSection.of("shop", Shop.class);
    private static final ConfigSection<Watch> WATCH = ConfigSection.of("lynx.watch", Watch.class);

    record Shop(
            String name,
            @Default("30s") Duration timeout,
            @Default("false") boolean open,
            @Default("8080") int port,
            List<String> hosts,
            @Secret @Default("") String password) {}

    record Check(
            @Default("30s") Duration interval, @Default("3") int threshold) {}

    record Watch(Map<String, Check> checks) {}

    private static List<String> problems(String yaml) {
        return ConfigSources.none().yaml("config.yml", yaml).load().bind(SHOP).problems().stream()
                .map(ConfigProblem::message)
                .toList();
    }

    private static Binding withVariable(String name, String value) {
        return ConfigSources.none()
                .yaml("config.yml", "shop.name: corner")
                .environment(Map.of(name, value))
                .load()
                .bind(SHOP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "timeout: 5 m | '5 m' is not a duration (config.yml:3); write '5m'",
                "timeout: 5M | '5M' is not a duration (config.yml:3); write '5m'",
                "timeout: 1h 30m | '1h 30m' is not a duration (config.yml:3); write '1h30m'",
                "timeout: 30 | '30' is not a duration (config.yml:3); write '30s'",
            })
    void durations(String line, String problem) {
        assertThat(problems("shop:\n  name: corner\n  " + line)).containsExactly("shop.timeout: " + problem);
    }

    @Test
    void capitalBooleansAreAccepted() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "shop: {name: corner, open: True}")
                .load()
                .bind(SHOP)
                .orThrow();

        assertThat(binding.get(SHOP).open()).isTrue();
    }

    @Test
    void anEmptyNameIsReported() {
        assertThat(problems("shop:\n  name: ''")).containsExactly("shop.name: '' is empty (config.yml:2); text");
    }

    @Test
    void aRootKeySimilarToLynxIsReported() {
        assertThat(problems("shop.name: corner\nlnyx:\n  shutdown.timeout: 5s"))
                .containsExactly("lnyx: unknown (config.yml:2); did you mean 'lynx'?");
        assertThat(problems("shop.name: corner\nlink: a\nother: b")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"a,b", "[a, b]", "['a', 'b']", "[\"a\",\"b\"]", "[\"a\", b]"})
    void listsInVariables(String text) {
        assertThat(withVariable("SHOP_HOSTS", text).orThrow().get(SHOP).hosts()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[::1]:9092,[fd00::2]:9092 | [::1]:9092,[fd00::2]:9092",
                "[::1]:9092, kafka:9092 | [::1]:9092,kafka:9092",
                "[fe80::1%eth0]:9092 | [fe80::1%eth0]:9092",
                "[::ffff:10.0.0.7],[fd00::2] | [::ffff:10.0.0.7],[fd00::2]",
                "kafka:9092,[::1]:9092 | kafka:9092,[::1]:9092",
                "[\"[::1]:9092\", kafka:9092] | [::1]:9092,kafka:9092",
            })
    void addressesInBracketsInVariables(String text, String items) {
        assertThat(withVariable("SHOP_HOSTS", text).orThrow().get(SHOP).hosts()).containsExactly(items.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"a\",", "[a, b", "[a] b", "[a],[b]", "[a, b]]", "[::1]:9092,[fd00::2:9092", "[::1]:9092,]"})
    void aBrokenListInAVariableIsReported(String text) {
        assertThat(withVariable("SHOP_HOSTS", text).problems())
                .extracting(ConfigProblem::message)
                .containsExactly("shop.hosts: '" + text + "' is not a list (env SHOP_HOSTS); write a,b or [a, b]");
    }

    @Test
    void aSingleValueInPlaceOfAListIsReported() {
        assertThat(problems("shop:\n  name: corner\n  hosts: a,b,c"))
                .containsExactly("shop.hosts: 'a,b,c' is one value (config.yml:3); a list, such as [a, b, c]");
    }

    @Test
    void tabsAreReported() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "shop:\t\n  name:\tcorner\n  port:\t8081")
                .load()
                .bind(SHOP)
                .orThrow();
        assertThat(binding.get(SHOP).port()).isEqualTo(8081);
        assertThat(binding.get(SHOP).name()).isEqualTo("corner");
        assertThat(problems("shop:\n  name: corner\n  port:\t[1"))
                .first()
                .asString()
                .startsWith("config.yml:3:8: a tab after the colon");
        assertThat(problems("shop:\n\tname: corner"))
                .containsExactly("config.yml:2:1: a tab as indentation; YAML wants spaces");
    }

    @Test
    void anUnclosedQuoteIsReported() {
        assertThat(problems("shop:\n  name: 'corner\n  port: 1\n  open: true\n"))
                .first()
                .asString()
                .startsWith("config.yml:2:");
    }

    @Test
    void anInvalidFirstCharacterOfALineIsReported() {
        assertThat(problems("shop:\n  name: corner\n\u0001"))
                .first()
                .asString()
                .startsWith("config.yml:3: the character U+0001");
    }

    @Test
    void anUnknownOptionIsAWarning() {
        Config config =
                ConfigSources.none().args("--nonsense", "--confg=x", "file").load();

        assertThat(config.arguments()).containsExactly("--nonsense", "--confg=x", "file");
        assertThat(config.bind().warnings())
                .containsExactly(
                        "--nonsense: not a configuration key, passed on to the application; keys are written"
                                + " --section.key=VALUE",
                        "--confg: not a configuration key, passed on to the application; did you mean --config?");
    }

    @Test
    void aTypoInAVariableOfAnOwnSectionIsAWarning() {
        assertThat(withVariable("SHOP_TIMOUT", "5s").warnings())
                .containsExactly("SHOP_TIMOUT sets nothing; did you mean SHOP_TIMEOUT?");
        assertThat(withVariable("SHOP_KEEPER_ADDRESS", "x").warnings()).isEmpty();
    }

    @Test
    void aFileReferenceInAVariableIsRead(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("password"), "hunter2\n");

        Binding binding =
                withVariable("SHOP_PASSWORD", "${file:" + secret + "}").orThrow();

        assertThat(binding.get(SHOP).password()).isEqualTo("hunter2");
        assertThat(ConfigTable.print(binding.table())).doesNotContain("hunter2");
        assertThat(withVariable("SHOP_PASSWORD", "a${file:b").get(SHOP).password())
                .isEqualTo("a${file:b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "orders: {interval: 1s}, orders.database: {interval: 2s}",
                "orders: {interval: 1s, database: {interval: 2s}}",
                "orders.database: {interval: 2s}, orders: {interval: 1s}",
                "orders.interval: 1s, orders.database.interval: 2s",
            })
    void nameThatBeginsAnother(String checks) {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "lynx.watch.checks: {" + checks + "}")
                .load()
                .bind(WATCH)
                .orThrow();

        assertThat(binding.get(WATCH).checks())
                .containsOnlyKeys("orders", "orders.database")
                .containsEntry("orders", new Check(Duration.ofSeconds(1), 3))
                .containsEntry("orders.database", new Check(Duration.ofSeconds(2), 3));
    }

    @Test
    void anUnknownKeyBelowANameThatBeginsAnotherIsReported() {
        List<ConfigProblem> problems = ConfigSources.none()
                .yaml(
                        "config.yml",
                        "lynx.watch.checks:\n  orders: {intervall: 1s, database: {intervall: 2s, threshold: 1}}")
                .load()
                .bind(WATCH)
                .problems();

        assertThat(problems)
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "lynx.watch.checks.orders.database.intervall: unknown (config.yml:2); did you mean 'interval'?",
                        "lynx.watch.checks.orders.intervall: unknown (config.yml:2); did you mean 'interval'?");
    }
}
