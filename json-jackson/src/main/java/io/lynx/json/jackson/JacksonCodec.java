package io.lynx.json.jackson;

import io.lynx.json.JsonCodec;
import io.lynx.json.JsonCodec.JsonReadException;
import io.lynx.json.JsonCodec.JsonWriteException;
import io.lynx.json.JsonForm;
import io.lynx.json.TypeOf;
import java.lang.reflect.Type;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategy;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by Jackson 3. Without further settings it
 *
 * <ul>
 *   <li>writes record components in their order, enum constants by name, times as ISO 8601 text, and decimals without exponent;
 *   <li>ignores unknown properties, and refuses text after the value, fractions for whole numbers, and a primitive that is null, or
 *       missing although a constructor takes it;
 *   <li>limits the depth of nesting, and the length of texts and numbers.
 * </ul>
 *
 * Thread-safe.
 */
public final class JacksonCodec implements JsonCodec {
    private final JsonMapper mapper;
    private final ReadProblems problems;

    /** Creates a codec with the defaults. */
    public JacksonCodec() {
        this(builder());
    }

    private JacksonCodec(Builder builder) {
        this(builder.mapper(), new ReadProblems(builder.limits()));
    }

    private JacksonCodec(JsonMapper mapper, ReadProblems problems) {
        this.mapper = mapper;
        this.problems = problems;
    }

    /** Returns a codec that uses the application's own mapper as it is; its limits are the mapper's. */
    public static JacksonCodec of(JsonMapper mapper) {
        return new JacksonCodec(mapper, new ReadProblems(""));
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public byte[] write(Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new JsonWriteException(
                    "JSON: a " + value.getClass().getName() + " cannot be written" + ReadProblems.at(e), e);
        }
    }

    @Override
    public <T> T read(byte[] json, TypeOf<T> type) {
        if (json.length == 0) {
            throw new JsonReadException("", "empty; a JSON value is expected", null);
        }
        JavaType target = mapper.constructType(type.type());
        T value;
        try {
            value = mapper.readValue(json, target);
        } catch (InvalidDefinitionException e) {
            throw new IllegalArgumentException("JSON: " + type + " cannot be read" + ReadProblems.at(e), e);
        } catch (JacksonException e) {
            throw problems.translate(e);
        }
        if (value == null) {
            throw new JsonReadException("", "null is not allowed", null);
        }
        return value;
    }

    @Override
    public JsonForm form(Type type) {
        return new JacksonForms(mapper).of(type);
    }

    /** Describes a codec. Not thread-safe. */
    public static final class Builder {
        private int maxDepth = 200;
        private int maxTextLength = 5_000_000;
        private int maxNumberLength = 1_000;
        private Consumer<JsonMapper.Builder> settings = _ -> {};

        private Builder() {}

        /** Sets how deep arrays and objects may be nested; 200 if not set. */
        public Builder maxDepth(int levels) {
            this.maxDepth = positive("maxDepth", levels);
            return this;
        }

        /** Sets how long a text may be, in characters; 5,000,000 if not set. */
        public Builder maxTextLength(int characters) {
            this.maxTextLength = positive("maxTextLength", characters);
            return this;
        }

        /** Sets how long a number may be, in digits; 1,000 if not set. */
        public Builder maxNumberLength(int digits) {
            this.maxNumberLength = positive("maxNumberLength", digits);
            return this;
        }

        /** Sets how the names of properties are derived, such as {@code PropertyNamingStrategies.SNAKE_CASE}. */
        public Builder naming(PropertyNamingStrategy strategy) {
            return configure(mapper -> mapper.propertyNamingStrategy(strategy));
        }

        /** Changes the mapper further: modules, features, mix-ins. Called once, when the codec is built. */
        public Builder configure(Consumer<JsonMapper.Builder> change) {
            this.settings = settings.andThen(change);
            return this;
        }

        /** Returns the codec. */
        public JacksonCodec build() {
            return new JacksonCodec(this);
        }

        private String limits() {
            return " (" + maxDepth + " levels, texts of " + maxTextLength + " characters, numbers of " + maxNumberLength
                    + " digits)";
        }

        private static int positive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": " + value + "; 1 or more");
            }
            return value;
        }

        private JsonMapper mapper() {
            JsonFactory factory = JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(maxDepth)
                            .maxStringLength(maxTextLength)
                            .maxNumberLength(maxNumberLength)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(maxDepth)
                            .build())
                    .build();
            JsonMapper.Builder building = JsonMapper.builder(factory)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
                    .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                    .disable(
                            DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                            DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                    .annotationIntrospector(
                            AnnotationIntrospector.pair(new JacksonAnnotationIntrospector(), new RequiredPrimitives()));
            settings.accept(building);
            return building.build();
        }
    }
}
