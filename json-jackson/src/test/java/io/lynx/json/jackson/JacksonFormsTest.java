package io.lynx.json.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lynx.json.JsonForm;
import io.lynx.json.JsonForm.Access;
import io.lynx.json.JsonForm.Property;
import io.lynx.json.TypeOf;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;

/** The forms are those of what the codec writes: its names, its formats, its subtypes. */
class JacksonFormsTest {
    enum Colour {
        @JsonProperty("rouge")
        RED,
        DARK_BLUE
    }

    @SuppressWarnings("ArrayRecordComponent") // Applications may have them.
    record Everything(
            int count,
            Long total,
            double ratio,
            boolean isOpen,
            String text,
            byte[] bytes,
            UUID id,
            Instant at,
            LocalDate day,
            LocalDateTime local,
            Duration took,
            Colour colour,
            List<String> names,
            int[] numbers,
            Map<String, Everything> children,
            Optional<Colour> maybe,
            Object any) {}

    record Account(
            @JsonProperty("user-name") String user,

            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
            String password,

            @JsonProperty(access = JsonProperty.Access.READ_ONLY)
            int number,

            @JsonIgnore String secret,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tags,
            @JsonFormat(shape = JsonFormat.Shape.STRING) int code) {}

    record Email(@JsonValue String text) {}

    record Page<T>(List<T> items, T first) {}

    record Part(int a, int b) {}

    record Whole(@JsonUnwrapped Part part, int c) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    sealed interface Shape {}

    @JsonTypeName("circle")
    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    sealed interface Untagged {}

    record Left(int left) implements Untagged {}

    sealed interface Inner extends Untagged {}

    record Right(int right) implements Inner {}

    record Node<T>(T value, List<Node<List<T>>> next) {}

    static final class Endless extends ArrayList<Endless> {}

    private final JacksonCodec codec = new JacksonCodec();

    private Map<String, JsonForm> properties(Type type) {
        return structure(codec.form(type)).properties().stream()
                .collect(Collectors.toMap(Property::name, Property::form));
    }

    private static JsonForm.Structure structure(JsonForm form) {
        assertThat(form).isInstanceOf(JsonForm.Structure.class);
        return (JsonForm.Structure) form;
    }

    @Test
    void typesOfPropertiesHaveTheirForms() {
        JsonForm text = new JsonForm.Text("", List.of());

        assertThat(properties(Everything.class))
                .containsEntry("count", new JsonForm.Numeric(true, "int32"))
                .containsEntry("total", new JsonForm.Numeric(true, "int64"))
                .containsEntry("ratio", new JsonForm.Numeric(false, "double"))
                .containsEntry("isOpen", new JsonForm.Truth())
                .containsEntry("text", text)
                .containsEntry("bytes", new JsonForm.Text("base64", List.of()))
                .containsEntry("id", new JsonForm.Text("uuid", List.of()))
                .containsEntry("at", new JsonForm.Text("date-time", List.of()))
                .containsEntry("day", new JsonForm.Text("date", List.of()))
                .containsEntry("local", new JsonForm.Text("date-time-local", List.of()))
                .containsEntry("took", new JsonForm.Text("duration", List.of()))
                .containsEntry("colour", new JsonForm.Reference(Colour.class))
                .containsEntry("names", new JsonForm.Sequence(text))
                .containsEntry("numbers", new JsonForm.Sequence(new JsonForm.Numeric(true, "int32")))
                .containsEntry("children", new JsonForm.Dictionary(new JsonForm.Reference(Everything.class)))
                .containsEntry("maybe", new JsonForm.Nullable(new JsonForm.Reference(Colour.class)))
                .containsEntry("any", new JsonForm.Anything());
        assertThat(codec.form(Colour.class)).isEqualTo(new JsonForm.Text("", List.of("rouge", "DARK_BLUE")));
    }

    @Test
    void propertiesAreThoseThatTheCodecWritesAndReads() {
        List<Property> properties = structure(codec.form(Account.class)).properties();

        assertThat(properties)
                .extracting(Property::name, Property::access, Property::mayBeAbsent)
                .containsExactlyInAnyOrder(
                        tuple("user-name", Access.BOTH, false),
                        tuple("number", Access.WRITTEN, false),
                        tuple("tags", Access.BOTH, true),
                        tuple("code", Access.BOTH, false),
                        tuple("password", Access.READ, true));
        assertThat(properties).extracting(Property::declaration).allMatch(RecordComponent.class::isInstance);
        assertThat(properties(Account.class)).containsEntry("code", new JsonForm.Text("", List.of()));
        assertThat(properties(Whole.class)).containsOnlyKeys("a", "b", "c");
        assertThat(codec.form(Email.class)).isEqualTo(new JsonForm.Text("", List.of()));
    }

    @Test
    void namesFollowTheStrategy() {
        JacksonCodec snake = JacksonCodec.builder()
                .naming(PropertyNamingStrategies.SNAKE_CASE)
                .build();

        assertThat(structure(snake.form(Everything.class)).properties())
                .extracting(Property::name)
                .contains("is_open");
    }

    @Test
    void typeArgumentsAreKept() {
        Type orders = new TypeOf<Page<Page<String>>>() {}.type();

        assertThat(properties(orders))
                .containsEntry("first", new JsonForm.Reference(new TypeOf<Page<String>>() {}.type()))
                .containsEntry(
                        "items", new JsonForm.Sequence(new JsonForm.Reference(new TypeOf<Page<String>>() {}.type())));
        JsonForm.Reference first =
                (JsonForm.Reference) Objects.requireNonNull(properties(orders).get("first"));
        assertThat(first.type()).hasSameHashCodeAs(new TypeOf<Page<String>>() {}.type());
        assertThat(new TypeOf<Page<String>>() {}.type()).isEqualTo(first.type());
    }

    @Test
    void sealedTypesAreChoices() {
        assertThat(codec.form(Shape.class))
                .isEqualTo(new JsonForm.Choice(
                        "kind", Map.of("circle", Circle.class, "JacksonFormsTest$Square", Square.class)));
        assertThat(codec.write(new Circle(1))).asString().isEqualTo("{\"kind\":\"circle\",\"radius\":1.0}");
        assertThat(properties(Circle.class))
                .containsEntry("kind", new JsonForm.Text("", List.of("circle")))
                .containsEntry("radius", new JsonForm.Numeric(false, "double"));
        assertThat(codec.form(Untagged.class))
                .isEqualTo(new JsonForm.Choice(
                        "", Map.of(Left.class.getName(), Left.class, Right.class.getName(), Right.class)));
        assertThat(codec.form(new TypeOf<List<Shape>>() {}.type()))
                .isEqualTo(new JsonForm.Sequence(new JsonForm.Reference(Shape.class)));
    }

    @Test
    void aTypeWithoutAnEndHasAForm() {
        assertThat(codec.form(Endless.class)).isInstanceOf(JsonForm.Sequence.class);
    }

    @Test
    void typeArgumentsMayGrow() {
        assertThat(properties(new TypeOf<Node<String>>() {}.type()))
                .containsEntry(
                        "next",
                        new JsonForm.Sequence(new JsonForm.Reference(new TypeOf<Node<List<String>>>() {}.type())));
    }
}
