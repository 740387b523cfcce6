package io.lynx.json.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.OptBoolean;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.JsonCodec.JsonWriteException;
import io.lynx.json.TypeOf;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Records and generic types in both directions, and what the sender of wrong JSON is answered. */
class JacksonCodecTest {
    enum Size {
        SMALL,
        LARGE;

        @Override
        public String toString() {
            return "size " + name();
        }
    }

    record Item(@Nullable String name, int count, @Nullable Size size) {}

    record Order(String zip, String id, List<Item> items, BigDecimal total) {}

    record Times(Instant at, LocalDate day, OffsetDateTime local, Duration took) {}

    record Account(String user, int apiKey) {}

    /** What has a value for its absence, or is not read. */
    record Options(
            @Nullable Integer limit,
            Optional<Integer> page,
            @JsonProperty(isRequired = OptBoolean.FALSE) int offset,

            @JsonProperty(access = JsonProperty.Access.READ_ONLY)
            int computed,

            @JsonIgnore int ignored) {}

    record Flags(boolean isOpen) {}

    static final class Bean {
        public int limit = 20;
    }

    record Positive(int value) {
        Positive {
            if (value < 1) {
                throw new IllegalArgumentException("value: " + value + "; 1 or more");
            }
        }
    }

    private final JsonCodec codec = new JacksonCodec();

    private <T> T read(String json, Class<T> type) {
        return codec.read(json.getBytes(UTF_8), type);
    }

    private static void assertProblem(ThrowingCallable code, String path, String problem) {
        assertThatThrownBy(code).isInstanceOfSatisfying(JsonReadException.class, e -> {
            assertThat(e.path()).isEqualTo(path);
            assertThat(e.problem()).isEqualTo(problem);
        });
    }

    @Test
    void writesRecordsInTheOrderOfTheirComponents() {
        Order order = new Order("10115", "o-1", List.of(new Item("tea", 2, Size.LARGE)), new BigDecimal("1E+3"));

        assertThat(codec.write(order))
                .asString(UTF_8)
                .isEqualTo(
                        "{\"zip\":\"10115\",\"id\":\"o-1\",\"items\":[{\"name\":\"tea\",\"count\":2,\"size\":\"LARGE\"}],\"total\":1000}");
        assertThat(codec.read(codec.write(order), Order.class))
                .isEqualTo(new Order("10115", "o-1", order.items(), new BigDecimal("1000")));
    }

    @Test
    void readsGenericTypes() {
        byte[] json = "{\"a\":[{\"name\":\"tea\",\"count\":1,\"size\":\"SMALL\"}]}".getBytes(UTF_8);

        Map<String, List<Item>> read = codec.read(json, new TypeOf<Map<String, List<Item>>>() {});

        assertThat(read).isEqualTo(Map.of("a", List.of(new Item("tea", 1, Size.SMALL))));
    }

    @Test
    void timesAreIsoTextAndKeepTheirOffset() {
        Times times = new Times(
                Instant.parse("2026-01-31T12:00:00Z"),
                LocalDate.parse("2026-01-31"),
                OffsetDateTime.parse("2026-01-31T12:00:00+01:00"),
                Duration.ofSeconds(90));

        byte[] json = codec.write(times);

        assertThat(json)
                .asString(UTF_8)
                .isEqualTo(
                        "{\"at\":\"2026-01-31T12:00:00Z\",\"day\":\"2026-01-31\",\"local\":\"2026-01-31T12:00:00+01:00\","
                                + "\"took\":\"PT1M30S\"}");
        assertThat(codec.read(json, Times.class)).isEqualTo(times);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"items\":[{\"count\":\"many\"}]} | items[0].count | 'many' is not a whole number",
                "{\"items\":[{\"count\":1.5}]} | items[0].count | '1.5' is not a whole number",
                "{\"items\":[{\"count\":null}]} | items[0].count | must be a whole number",
                "{\"items\":[{\"name\":\"tea\"}]} | items[0].count | is missing; must be a whole number",
                "{\"items\":[{\"count\":1},{}]} | items[1].count | is missing; must be a whole number",
                "{\"items\":[{\"count\":1,\"size\":\"HUGE\"}]} | items[0].size | 'HUGE' is not one of SMALL, LARGE",
                "{\"items\":{}} | items | must be an array",
                "[] | `` | must be an object",
                "{\"id\":[]} | id | must be a text",
                "{\"id\" | `` | malformed at line 1, column 6",
                "{} {} | `` | must be one JSON value, without anything after it",
                "null | `` | null is not allowed",
            })
    void saysWhereAndWhatIsAllowed(String json, String path, String problem) {
        assertProblem(() -> read(json, Order.class), path, problem);
    }

    @Test
    void whatIsNotPrimitiveMayBeMissing() {
        assertThat(read("{\"count\":3}", Item.class)).isEqualTo(new Item(null, 3, null));
        assertThat(read("{}", Options.class)).isEqualTo(new Options(null, Optional.empty(), 0, 0, 0));
        assertThat(read("{\"computed\":7,\"ignored\":7}", Options.class))
                .isEqualTo(new Options(null, Optional.empty(), 0, 0, 0));
        assertThat(read("{}", Bean.class).limit).isEqualTo(20);
        assertProblem(() -> read("{}", Flags.class), "isOpen", "is missing; must be true or false");
    }

    @Test
    void anApplicationMayHaveMissingPrimitivesReadAsZero() {
        JacksonCodec lenient = JacksonCodec.builder()
                .configure(mapper -> mapper.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES))
                .build();

        assertThat(lenient.read("{}".getBytes(UTF_8), Item.class)).isEqualTo(new Item(null, 0, null));
    }

    @Test
    void anEmptyDocumentIsReportedAsEmpty() {
        assertProblem(() -> read("", Order.class), "", "empty; a JSON value is expected");
    }

    @Test
    void aSecretIsNotRepeatedInTheMessage() {
        assertProblem(() -> read("{\"apiKey\":\"hunter2\"}", Account.class), "apiKey", "is not a whole number");
        assertThatThrownBy(() -> read("{\"items\":[{\"count\":\"password=hunter2\"}]}", Order.class))
                .hasMessage("items[0].count: 'password=***' is not a whole number")
                .hasNoCause();
    }

    @Test
    void aLongValueIsShortened() {
        assertThatThrownBy(() -> read("{\"items\":[{\"count\":\"" + "x".repeat(1000) + "\"}]}", Order.class))
                .hasMessage("items[0].count: '" + "x".repeat(63) + "…' is not a whole number");
    }

    @Test
    void whatAConstructorThrowsIsTheCause() {
        assertThatThrownBy(() -> codec.read("[{\"value\":0}]".getBytes(UTF_8), new TypeOf<List<Positive>>() {}))
                .hasMessage("[0]: is not acceptable")
                .hasCause(new IllegalArgumentException("value: 0; 1 or more"));
    }

    @Test
    void limitsAreNamed() {
        JacksonCodec small = JacksonCodec.builder()
                .maxDepth(3)
                .maxTextLength(10)
                .maxNumberLength(5)
                .build();

        for (String json : List.of("[[[[1]]]]", "\"" + "x".repeat(50_000) + "\"", "123456")) {
            assertThatThrownBy(() -> small.read(json.getBytes(UTF_8), Object.class))
                    .as(json.substring(0, 6))
                    .isInstanceOf(JsonReadException.class)
                    .hasMessageEndingWith("exceeds a limit (3 levels, texts of 10 characters, numbers of 5 digits)");
        }
    }

    @Test
    void deepNestingIsRefusedByDefault() {
        String deep = "[".repeat(100_000);

        assertThatThrownBy(() -> read(deep, Object.class))
                .isInstanceOf(JsonReadException.class)
                .hasMessageEndingWith(
                        "exceeds a limit (200 levels, texts of 5000000 characters, numbers of 1000 digits)");
    }

    @Test
    void aTypeThatCannotBeReadIsAProgrammingError() {
        assertThatThrownBy(() -> read("{}", Runnable.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JSON: java.lang.Runnable cannot be read");
    }

    @Test
    void aValueThatCannotBeWrittenIsAProgrammingError() {
        Map<String, Object> loop = new LinkedHashMap<>();
        loop.put("self", loop);
        List<Object> unwritable = new ArrayList<>();
        unwritable.add(loop);

        assertThatThrownBy(() -> codec.write(unwritable))
                .isInstanceOf(JsonWriteException.class)
                .hasMessageStartingWith("JSON: a java.util.ArrayList cannot be written");
    }

    @Test
    void namingAndFurtherSettingsApply() {
        JacksonCodec snake = JacksonCodec.builder()
                .naming(PropertyNamingStrategies.SNAKE_CASE)
                .build();

        assertThat(snake.write(new Account("ann", 1))).asString(UTF_8).isEqualTo("{\"user\":\"ann\",\"api_key\":1}");
    }

    @Test
    void aMapperOfTheApplicationIsUsedUnchanged() {
        JacksonCodec own = JacksonCodec.of(JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build());

        assertThatThrownBy(() -> own.read("{\"colour\":1}".getBytes(UTF_8), Account.class))
                .hasMessage("colour: is not known");
    }

    @Test
    void isFoundAsTheInstalledCodec() {
        assertThat(JsonCodec.installed().read("[1,2]".getBytes(UTF_8), new TypeOf<List<Integer>>() {}))
                .containsExactly(1, 2);
    }
}
