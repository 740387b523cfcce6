package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lynx.config.ConfigurationException.ConfigProblem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {
    private static final ConfigSection<Everything> EVERYTHING = ConfigSection.of("lynx.all", Everything.class);

    record Everything(
            @Default("text") String text,
            @Default("true") boolean flag,
            @Default("1") @Range(min = "0", max = "65535") int number,
            @Default("2") @Range(min = "2") long large,
            @Default("0.5") @Range(max = "1") double ratio,
            @Default("30s") @Range(min = "1s", max = "10m") Duration duration,
            @Default("1MiB") @Range(max = "1GB") Size size,
            @Default("/tmp") Path path,
            @Default("http://localhost") URI address,
            @Default("seconds") TimeUnit unit,
            @Default("auto") Delay delay,
            @Default("UTC") ZoneId zone,
            Optional<Integer> maybe,
            @Nullable Duration orNull,
            @Default("[a, b]") List<String> names,
            Map<String, Integer> counts,
            Nested nested,
            Optional<Nested> other,
            List<Nested> many,
            Map<String, Nested> named,
            @Key("odd-Name") @Default("x") String renamed) {}

    record Nested(@Default("1") int min, @Default("2") int max) {
        Nested {
            if (min > max) {
                throw new IllegalArgumentException("min " + min + " is above max " + max);
            }
        }
    }

    private static final ConfigSection<Fragile> FRAGILE = ConfigSection.of("shop", Fragile.class);

    record Fragile(
            First first, Nanos second, @Default("UTC") ZoneId zone) {}

    record First(@Default("a") Letter letter) {}

    record Nanos(@Default("1s") Duration timeout) {
        Nanos {
            if (timeout.toNanos() < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    record Letter(char letter) {
        static Letter of(String text) {
            char first = text.charAt(0);
            if (first == '?') {
                throw new ExceptionInInitializerError("a test");
            }
            return new Letter(first);
        }
    }

    record Delay(@Nullable Duration fixed) {
        static Delay parse(String text) {
            if (text.equals("auto")) {
                return new Delay(null);
            }
            try {
                return new Delay(Durations.parse(text));
            } catch (IllegalArgumentException neither) {
                throw new IllegalArgumentException("auto, or a duration from 0 to 5m", neither);
            }
        }
    }

    private static Binding bind(String yaml) {
        return ConfigSources.none().yaml("config.yml", yaml).load().bind(EVERYTHING);
    }

    private static List<String> messages(Binding binding) {
        return binding.problems().stream().map(ConfigProblem::message).toList();
    }

    @Test
    void everyDefaultApplies() {
        assertThat(Binding.defaults(Everything.class))
                .isEqualTo(new Everything(
                        "text",
                        true,
                        1,
                        2,
                        0.5,
                        Duration.ofSeconds(30),
                        new Size(1 << 20),
                        Path.of("/tmp"),
                        URI.create("http://localhost"),
                        TimeUnit.SECONDS,
                        new Delay(null),
                        ZoneId.of("UTC"),
                        Optional.empty(),
                        null,
                        List.of("a", "b"),
                        Map.of(),
                        new Nested(1, 2),
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        "x"));
    }

    @Test
    void everyKindBinds() {
        Binding binding = bind("""
            lynx.all:
              text: "yes"
              flag: false
              number: 65535
              large: 9000000000
              ratio: .25
              duration: 1m30s
              size: 10MB
              path: relative/file
              address: https://example.com/a?b=c
              unit: MilliSeconds
              delay: 5s
              zone: Europe/Berlin
              maybe: 3
              or_null: PT1M
              names: [one, "two, three"]
              counts: {a: 1, b.c: 2, d: {e: 3}}
              nested: {max: 7}
              other: {}
              many: [{min: 0}, {max: 9}]
              named: {db.mysql: {max: 5}, plain: }
              odd-Name: y
            """);

        assertThat(messages(binding)).isEmpty();
        assertThat(binding.get(EVERYTHING))
                .isEqualTo(new Everything(
                        "yes",
                        false,
                        65535,
                        9_000_000_000L,
                        0.25,
                        Duration.ofSeconds(90),
                        new Size(10_000_000),
                        Path.of("relative/file"),
                        URI.create("https://example.com/a?b=c"),
                        TimeUnit.MILLISECONDS,
                        new Delay(Duration.ofSeconds(5)),
                        ZoneId.of("Europe/Berlin"),
                        Optional.of(3),
                        Duration.ofMinutes(1),
                        List.of("one", "two, three"),
                        Map.of("a", 1, "b.c", 2, "d.e", 3),
                        new Nested(1, 7),
                        Optional.of(new Nested(1, 2)),
                        List.of(new Nested(0, 2), new Nested(1, 9)),
                        Map.of("db.mysql", new Nested(1, 5), "plain", new Nested(1, 2)),
                        "y"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flag: Yes | .flag: 'Yes' is neither true nor false (config.yml:2); write true or false",
                "number: 1.5 | .number: '1.5' is not a whole number (config.yml:2); write one such as 10",
                "number: 65536 | .number: '65536' is out of range (config.yml:2); 0 to 65535",
                "number: 99999999999 | .number: '99999999999' is too large a number (config.yml:2); from -2147483648"
                        + " to 2147483647",
                "large: 1 | .large: '1' is out of range (config.yml:2); at least 2",
                "large: 99999999999999999999 | .large: '99999999999999999999' is too large a number (config.yml:2);"
                        + " from -9223372036854775808 to 9223372036854775807",
                "ratio: 1.5 | .ratio: '1.5' is out of range (config.yml:2); at most 1",
                "ratio: NaN | .ratio: 'NaN' is not a number (config.yml:2); write one such as 0.5",
                "ratio: 0x1p3 | .ratio: '0x1p3' is not a number (config.yml:2); write one such as 0.5",
                "ratio: 1d | .ratio: '1d' is not a number (config.yml:2); write one such as 0.5",
                "duration: 30 S | .duration: '30 S' is not a duration (config.yml:2); write '30s'",
                "duration: soon | .duration: 'soon' is not a duration (config.yml:2); write one such as '250ms',"
                        + " '30s', '5m' or '1h'",
                "duration: 10ms | .duration: '10ms' is out of range (config.yml:2); 1s to 10m",
                "size: 10M | .size: '10M' is not a size (config.yml:2); a size such as 512, 64KiB or 10MB",
                "size: 2GB | .size: '2GB' is out of range (config.yml:2); at most 1GB",
                "address: 'a b' | .address: 'a b' is not a URI (config.yml:2); Illegal character in path, at character"
                        + " 1",
                "unit: weeks | .unit: 'weeks' is not allowed (config.yml:2); one of nanoseconds, microseconds,"
                        + " milliseconds, seconds, minutes, hours, days",
                "delay: never | .delay: 'never' is not allowed (config.yml:2); auto, or a duration from 0 to 5m",
                "zone: Europe/Nowhere | .zone: 'Europe/Nowhere' is not allowed (config.yml:2); Unknown time-zone ID:"
                        + " Europe/Nowhere",
                "text: {a: 1} | .text: is a section (config.yml:2); one value, such as text",
                "text: {} | .text: is a section (config.yml:2); one value, such as text",
                "duration: [1s] | .duration: is a list (config.yml:2); one value, such as 30s",
                "nested: 5 | .nested: '5' is one value (config.yml:2); a section with the keys min, max",
                "nested: [1] | .nested: is a list (config.yml:2); a section with the keys min, max",
                "names: a | .names: 'a' is one value (config.yml:2); a list, such as [a, b]",
                "names: {a: b} | .names: is a section (config.yml:2); a list, such as [a, b]",
                "names: [a, ~] | .names[1]: left empty (config.yml:2); a value, or no item at all",
                "names: [[a]] | .names[0]: is a list (config.yml:2); one value, such as text",
                "counts: 1 | .counts: '1' is one value (config.yml:2); a section whose keys are names of your choice",
                "counts: {a: b} | .counts.a: 'b' is not a whole number (config.yml:2); write one such as 10",
                "nested: {min: 3} | .nested: min 3 is above max 2 (config.yml:2)",
                "many: [{min: 3}] | .many[0]: min 3 is above max 2 (config.yml:2)",
                "many: [{mix: 3}] | .many[0].mix: unknown (config.yml:2); did you mean 'min'?",
                "named: {a.b: {mix: 3}} | .named.a.b.mix: unknown (config.yml:2); did you mean 'min'?",
                "named: {a: 3} | .named.a: '3' is one value (config.yml:2); a section with the keys min, max",
                "nested: {mid: {x: 1}} | .nested.mid: unknown (config.yml:2); did you mean 'min'?",
                "orNull: 1s | .orNull: unknown (config.yml:2); did you mean 'or_null'?",
            })
    void saysWhatIsWrong(String line, String message) {
        assertThat(messages(bind("lynx.all:\n  " + line + "\n"))).containsExactly("lynx.all" + message);
    }

    @Test
    void codeThatFailsWithOneValueIsAProblemWithKeyAndPlace() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "shop:\n  first: {letter: ''}\n  second: {timeout: 200000000d}\n  zone: +1:0\n")
                .load()
                .bind(FRAGILE);

        assertThat(messages(binding))
                .containsExactly(
                        "shop.first.letter: '' is not allowed (config.yml:2); Letter.of failed with"
                                + " java.lang.StringIndexOutOfBoundsException: Index 0 out of bounds for length 0",
                        "shop.second: Nanos failed with java.lang.ArithmeticException: long overflow (config.yml:3)",
                        "shop.zone: '+1:0' is not allowed (config.yml:4); Invalid ID for ZoneOffset, invalid format: +1:0");
    }

    @Test
    void anErrorOfTheCodeIsNotAProblemOfTheConfiguration() {
        Config config =
                ConfigSources.none().value("shop.first.letter", "?", "a test").load();

        assertThatIllegalStateException()
                .isThrownBy(() -> config.bind(FRAGILE))
                .withMessage("Letter.of failed")
                .withCauseInstanceOf(ExceptionInInitializerError.class);
    }

    @Test
    void sectionsAboveSectionsAreChecked() {
        assertThat(messages(bind("lynx: 5"))).containsExactly("lynx: is one value (config.yml:1); a section with all");
        assertThat(messages(bind("lynx: [5]"))).containsExactly("lynx: is a list (config.yml:1); a section with all");
        assertThat(messages(bind("lynx:\n  all: 5")))
                .singleElement()
                .asString()
                .startsWith("lynx.all: '5' is one value (config.yml:2); a section with the keys text, flag");
    }

    @Test
    void keysOutsideOfSectionsAreLeftToTheApplication() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "orders:\n  database: {mxa: 3}\n  else: 1\nmine: {a: [b]}\n")
                .load()
                .bind(ConfigSection.of("orders.database", Nested.class));

        assertThat(messages(binding))
                .containsExactly("orders.database.mxa: unknown (config.yml:2); did you mean 'max'?");
    }

    @Test
    void sectionsMayBeNested() {
        ConfigSection<Nested> outer = ConfigSection.of("orders", Nested.class);
        ConfigSection<Nested> inner = ConfigSection.of("orders.database", Nested.class);

        Binding binding = ConfigSources.none()
                .yaml("config.yml", "orders:\n  min: 0\n  database: {max: 3}\n  databse: 1\n")
                .load()
                .bind(outer, inner);

        assertThat(messages(binding))
                .containsExactly("orders.databse: unknown (config.yml:4); did you mean 'database'?");
        assertThat(binding.get(outer)).isEqualTo(new Nested(0, 2));
        assertThat(binding.get(inner)).isEqualTo(new Nested(1, 3));
    }

    @Test
    void aKeyThatOneFileSetsTwiceIsReportedInEveryNotation() {
        assertThat(messages(bind("lynx.all.number: 1\nlynx:\n  all:\n    number: 2\n")))
                .containsExactly("config.yml:4: the key 'number' again, first at config.yml:1; write it once");
    }

    @Test
    void flatSourcesSetValuesInMaps() {
        Binding binding = ConfigSources.none()
                .args(
                        "--lynx.all.counts.io.lynx=1",
                        "--lynx.all.counts.io=2",
                        "--lynx.all.named.db.mysql.max=3",
                        "--lynx.all.named.x.mxa=3")
                .load()
                .bind(EVERYTHING);

        assertThat(messages(binding))
                .containsExactly("lynx.all.named.x.mxa: unknown (--lynx.all.named.x.mxa); did you mean 'max'?");
        assertThat(binding.get(EVERYTHING).counts()).isEqualTo(Map.of("io.lynx", 1, "io", 2));
        assertThat(binding.get(EVERYTHING).named()).containsEntry("db.mysql", new Nested(1, 3));
    }

    @Test
    void aNullSelectsTheDefault() {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", "lynx.all.number: 5")
                .yaml("over.yml", "lynx.all.number: ~")
                .load()
                .bind(EVERYTHING);

        assertThat(binding.orThrow().get(EVERYTHING).number()).isEqualTo(1);
    }

    @Test
    void aBindingRefusesSectionsWithProblemsAndUnboundOnes() {
        Binding binding = bind("lynx.all.number: x\nlynx.all.flag: y");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(binding::orThrow)
                .satisfies(thrown -> assertThat(thrown.problems()).hasSize(2));
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> binding.get(EVERYTHING));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> binding.get(ConfigSection.of("lynx.none", Nested.class)))
                .withMessageStartingWith("section: lynx.none as ");
    }

    @Test
    void recordsThatCannotBeBoundAreRefused() {
        record Odd(Thread thread) {}
        record Endless(Optional<Endless> inner) {}

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Binding.defaults(Odd.class))
                .withMessageContaining("Odd.thread: java.lang.Thread cannot be configured; text, boolean");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Binding.defaults(Endless.class))
                .withMessageEndingWith("contains itself, directly or indirectly; a section must be finite");
    }
}
