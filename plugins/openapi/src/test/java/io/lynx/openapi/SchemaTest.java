package io.lynx.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.lynx.config.Binding;
import io.lynx.config.Doc;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonForm;
import io.lynx.json.TypeOf;
import io.lynx.json.jackson.JacksonCodec;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;

/** Schemas accept what the codec writes, and refuse what the types and constraints do not allow. */
class SchemaTest {
    @SuppressWarnings("UnicodeInCode") // Java allows it.
    enum Odd {
        PLAIN,
        Ünlimited,
        $dollar,
        @JsonProperty("with space and \"quotes\"")
        RENAMED
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    sealed interface Payment {}

    @JsonTypeName("card")
    record Card(String number) implements Payment {}

    @JsonTypeName("transfer")
    record Transfer(String iban, boolean isUrgent) implements Payment {}

    sealed interface Either {}

    record Left(int left) implements Either {}

    record Right(int right) implements Either {}

    record Line(String item, int quantity, BigDecimal price) {}

    @SuppressWarnings("ArrayRecordComponent") // Applications may have them.
    record Order(
            UUID id,
            @Doc("Who ordered.") String customer,
            List<Line> lines,
            Payment payment,
            Either either,
            @Nullable String note,
            @Nullable Line gift,
            Optional<Odd> odd,
            Map<String, Instant> times,
            Set<Odd> odds,
            byte[] picture,
            URI link,
            Instant at,
            OffsetDateTime offset,
            LocalDate day,
            LocalTime time,
            LocalDateTime local,
            Duration took,
            double[] ratios,
            Object any,
            List<@Nullable Line> gaps) {}

    record Tree(String name, List<Tree> children, @Nullable Tree parent) {}

    record Page<T>(List<T> items, int total) {}

    static class Growing<T> {
        public @Nullable Growing<List<T>> list;
        public @Nullable Growing<Set<T>> set;
        public @Nullable T value;
    }

    record Checked(
            @NotBlank @Size(max = 10) String name,
            @Email String mail,
            @Min(1) @Max(100) int count,

            @Positive @DecimalMax(value = "10.5", inclusive = false)
            BigDecimal price,

            @Pattern(regexp = "[A-Z]{2}\\d+") String code,
            @Pattern(regexp = "(?i)odd|\\Aother") String odd,
            @Size(min = 1, max = 3) List<@Size(min = 2) String> tags,
            @NotNull String late,
            Optional<@Size(max = 3) String> maybe) {}

    record Problem(String mine) {}

    private final JacksonCodec codec = new JacksonCodec();

    private CheckedDocument document(JsonCodec by, Type... types) {
        SchemaBook book = new SchemaBook(by);
        List<Map<String, Object>> uses = new ArrayList<>();
        for (Type type : types) {
            uses.add(book.of(type));
        }
        Map<String, Object> components = book.components(Set.of(ProblemResponse.NAME));
        String text = DocumentText.of(Map.of(
                "openapi",
                "3.1.0",
                "info",
                Map.of("title", "", "version", ""),
                "paths",
                Map.of(),
                "components",
                Map.of("schemas", components),
                "x-uses",
                uses));
        return CheckedDocument.of(text);
    }

    private CheckedDocument document(Type... types) {
        return document(codec, types);
    }

    private static Order order(Payment payment, @Nullable String note) {
        return new Order(
                UUID.fromString("3e8f5f0a-6a57-4f4b-9f54-0d9a0f0b7d11"),
                "ann",
                List.of(new Line("tea", 2, new BigDecimal("3.50"))),
                payment,
                new Right(1),
                note,
                null,
                Optional.of(Odd.RENAMED),
                Map.of("start", Instant.parse("2026-01-31T12:00:00Z")),
                Set.of(Odd.values()),
                new byte[] {1, 2, 3},
                URI.create("https://shop.example/a?b=c"),
                Instant.parse("2026-01-31T12:00:00.123456789Z"),
                OffsetDateTime.parse("2026-01-31T12:00:00+01:00"),
                LocalDate.parse("2026-01-31"),
                LocalTime.parse("12:00:01"),
                LocalDateTime.parse("2026-01-31T12:00:01"),
                Duration.ofSeconds(90),
                new double[] {0.5, 1e300},
                Map.of("a", List.of(1)),
                new ArrayList<>(java.util.Arrays.asList(new Line("gap", 1, BigDecimal.ONE), null)));
    }

    @Test
    void acceptsWhatTheCodecWrites() {
        CheckedDocument document = document(Order.class);

        assertThat(document.problemsOf("Order", codec, order(new Card("1"), null)))
                .isEmpty();
        assertThat(document.problemsOf("Order", codec, order(new Transfer("DE1", true), "soon")))
                .isEmpty();
        assertThat(document.schema("Order").get("required").valueStream().map(JsonNode::stringValue))
                .doesNotContain("note", "gift", "odd")
                .contains("id", "lines", "payment", "any");
        assertThat(document.schema("Order").at("/properties/customer"))
                .hasToString("{\"type\":\"string\",\"description\":\"Who ordered.\"}");
        assertThat(document.schema("Payment").get("discriminator"))
                .hasToString("{\"propertyName\":\"type\",\"mapping\":{\"card\":\"#/components/schemas/Card\","
                        + "\"transfer\":\"#/components/schemas/Transfer\"}}");
    }

    @Test
    void refusesWhatTheTypesDoNotAllow() {
        CheckedDocument document = document(Order.class);
        String right = new String(codec.write(order(new Card("1"), null)), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(document.problemsOf("Order", right.replace("\"customer\":\"ann\"", "\"customer\":null")))
                .isNotEmpty();
        assertThat(document.problemsOf("Order", right.replace("\"quantity\":2", "\"quantity\":2.5")))
                .isNotEmpty();
        assertThat(document.problemsOf("Order", right.replace("\"type\":\"card\"", "\"type\":\"cash\"")))
                .isNotEmpty();
        assertThat(document.problemsOf("Order", right.replace("\"day\":\"2026-01-31\"", "\"day\":\"today\"")))
                .isNotEmpty();
    }

    @Test
    void namesAreThoseOfTheCodec() {
        JacksonCodec snake = JacksonCodec.builder()
                .naming(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        CheckedDocument document = document(snake, Transfer.class);

        assertThat(document.schema("Transfer").get("properties").propertyNames())
                .containsExactly("type", "iban", "is_urgent");
        assertThat(document.problemsOf("Transfer", snake, new Transfer("DE1", false)))
                .isEmpty();
    }

    @Test
    void constraintsAreKeywords() {
        CheckedDocument document = document(Checked.class);
        Checked valid = new Checked(
                "tea",
                "ann@example.org",
                1,
                new BigDecimal("10.4"),
                "DE1",
                "x",
                List.of("ab"),
                "here",
                Optional.of("abc"));
        String right = new String(codec.write(valid), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(document.problemsOf("Checked", right)).isEmpty();
        assertThat(document.schema("Checked").at("/properties/name"))
                .hasToString("{\"type\":\"string\",\"minLength\":1,\"pattern\":\"\\\\S\",\"maxLength\":10}");
        assertThat(document.schema("Checked").at("/properties/odd").has("pattern"))
                .isFalse();
        assertThat(document.problemsOf("Checked", right.replace("\"late\":\"here\"", "\"late\":null")))
                .isNotEmpty();
        for (String[] wrong : new String[][] {
            {"\"tea\"", "\"  \""},
            {"\"tea\"", "\"a longer name\""},
            {"\"count\":1", "\"count\":0"},
            {"10.4", "10.5"},
            {"\"DE1\"", "\"xDE1\""},
            {"[\"ab\"]", "[]"},
            {"[\"ab\"]", "[\"a\"]"},
            {"ann@example.org", "nobody"},
            {"\"abc\"", "\"abcd\""}
        }) {
            assertThat(document.problemsOf("Checked", right.replace(wrong[0], wrong[1])))
                    .as(wrong[1])
                    .isNotEmpty();
        }
    }

    @Test
    void typesMayContainThemselves() {
        CheckedDocument document = document(Tree.class);

        Tree leaf = new Tree("leaf", List.of(), null);
        assertThat(document.problemsOf("Tree", codec, new Tree("root", List.of(leaf), leaf)))
                .isEmpty();
        assertThat(document.schemas().propertyNames()).containsExactly("Tree");
    }

    @Test
    void typeArgumentsThatGrowHaveAnEnd() {
        CheckedDocument document = document(new TypeOf<Growing<String>>() {}.type());

        assertThat(document.schemas().size()).isBetween(2, 2_000);
        Growing<String> value = new Growing<>();
        value.list = new Growing<>();
        assertThat(document.problemsOf("GrowingOfString", codec, value)).isEmpty();
    }

    @Test
    void typeArgumentsArePartOfTheName() {
        CheckedDocument document = document(
                new TypeOf<Page<Line>>() {}.type(),
                new TypeOf<Page<Map<String, Line>>>() {}.type(),
                new TypeOf<List<Page<Line>>>() {}.type());

        assertThat(document.schemas().propertyNames())
                .containsExactly("Line", "PageOfLine", "PageOfMapOfStringAndLine");
        assertThat(document.problemsOf("PageOfLine", codec, new Page<>(List.of(new Line("a", 1, BigDecimal.ONE)), 1)))
                .isEmpty();
    }

    @Test
    void typesOfTheSameSimpleNameAreDistinguished() {
        CheckedDocument document = document(Line.class, io.lynx.openapi.other.Line.class, Problem.class);
        CheckedDocument reversed = document(Problem.class, io.lynx.openapi.other.Line.class, Line.class);

        assertThat(document.schemas().propertyNames())
                .containsExactly("SchemaTest.Line", "SchemaTest.Problem", "other.Line");
        assertThat(reversed.schemas()).isEqualTo(document.schemas());
    }

    @Test
    void enumsHaveTheNamesThatAreWritten() {
        CheckedDocument document = document(Odd.class);

        for (Odd odd : Odd.values()) {
            assertThat(document.problemsOf("Odd", codec, odd)).isEmpty();
        }
        assertThat(document.problemsOf("Odd", "\"RENAMED\"")).isNotEmpty();
    }

    @Test
    void recordsMayHaveManyComponents() {
        JsonCodec wide = new WideCodec(500);
        CheckedDocument document = document(wide, Line.class);

        assertThat(document.schema("Line").get("properties").size()).isEqualTo(500);
    }

    @Test
    void aCodecThatFailsLeavesTheSchemaOpen() {
        JsonCodec hostile = new WideCodec(-1);
        CheckedDocument document = document(hostile, Line.class);

        assertThat(document.at("/x-uses/0")).hasToString("{}");
    }

    @Test
    void configurationIsChecked() {
        assertThat(Binding.defaults(OpenApiConfig.class).path()).isEqualTo("/openapi.json");
        for (String path : List.of("", "openapi.json", "/a/", "/{a}")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new OpenApiConfig(
                            path, Optional.empty(), Optional.empty(), "", List.of(), false, List.of(), false, "/ui")))
                    .hasMessageStartingWith("path: '" + path + "'");
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new OpenApiConfig(
                        "/a", Optional.empty(), Optional.empty(), "", List.of("shop"), false, List.of(), false, "/ui")))
                .hasMessageStartingWith("servers: 'shop'");
    }

    /** Tells of objects with that many properties, or fails. */
    private record WideCodec(int properties) implements JsonCodec {
        @Override
        public byte[] write(Object value) {
            return new byte[0];
        }

        @Override
        public <T> T read(byte[] json, TypeOf<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JsonForm form(Type type) {
            if (properties < 0) {
                throw new StackOverflowError();
            }
            List<JsonForm.Property> all = new ArrayList<>();
            for (int i = 0; i < properties; i++) {
                all.add(new JsonForm.Property(
                        "p" + i, new JsonForm.Reference(Line.class), Line.class, JsonForm.Access.BOTH, false));
            }
            return new JsonForm.Structure(all);
        }
    }
}
