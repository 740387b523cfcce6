package io.lynx.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.function.Function;

/**
 * JSON bodies. The library is loaded with the first body, off the way to the first answer; times are ISO 8601 text by a
 * module of our own, which spares one more library.
 */
final class Json {
    private Json() {}

    /** Holds the mapper, immutable once built, until it is asked for. */
    private static final class Lazy {
        static final ObjectMapper MAPPER = mapper();
    }

    static byte[] write(Object value) {
        try {
            return Lazy.MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "answer: a " + value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    static <T> T read(byte[] body, Class<T> type) {
        if (body.length == 0) {
            throw new HttpException(400, "body: empty; JSON is expected");
        }
        T value;
        try {
            value = Lazy.MAPPER.readValue(body, type);
        } catch (JsonProcessingException e) {
            throw problem(e);
        } catch (IOException e) {
            throw new HttpException(400, "body: not JSON", e);
        }
        if (value == null) {
            throw new HttpException(400, "body: null is not allowed");
        }
        return value;
    }

    private static HttpException problem(JsonProcessingException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException ours) {
                return ours;
            }
        }
        if (e instanceof InvalidFormatException format) {
            return new HttpException(
                    400,
                    field(format) + ": '" + clip(String.valueOf(format.getValue())) + "' is not " + kind(format),
                    e);
        }
        if (e instanceof MismatchedInputException mismatched) {
            return new HttpException(400, field(mismatched) + ": it must be " + kind(mismatched), e);
        }
        if (e instanceof JsonMappingException mapping) {
            return new HttpException(400, field(mapping) + ": not acceptable", e);
        }
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new HttpException(400, "body: malformed JSON" + where, e);
    }

    private static String field(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String kind(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        if (type == null) {
            return "of another kind";
        }
        if (type.isEnum()) {
            StringBuilder names = new StringBuilder("one of ");
            for (Object constant : type.getEnumConstants()) {
                names.append(names.length() > 7 ? ", " : "").append(((Enum<?>) constant).name());
            }
            return names.toString();
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger" -> "a whole number";
            case "double", "Double", "float", "Float", "BigDecimal" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "String", "CharSequence" -> "a text";
            case "Instant" -> "an instant such as 2026-01-31T12:00:00Z";
            case "LocalDate" -> "a date such as 2026-01-31";
            case "LocalTime" -> "a time such as 12:00:00";
            case "LocalDateTime" -> "a date and time such as 2026-01-31T12:00:00";
            case "OffsetDateTime", "ZonedDateTime" -> "a date and time such as 2026-01-31T12:00:00+01:00";
            case "Duration" -> "a duration such as PT30S";
            case "UUID" -> "a UUID";
            default -> type.isArray() || Iterable.class.isAssignableFrom(type) ? "an array" : "an object";
        };
    }

    private static String clip(String value) {
        return value.length() <= 64 ? value : value.substring(0, 61) + "...";
    }

    private static ObjectMapper mapper() {
        SimpleModule times = new SimpleModule("times");
        add(times, Instant.class, Instant::parse);
        add(times, LocalDate.class, LocalDate::parse);
        add(times, LocalTime.class, LocalTime::parse);
        add(times, LocalDateTime.class, LocalDateTime::parse);
        add(times, OffsetDateTime.class, OffsetDateTime::parse);
        add(times, ZonedDateTime.class, ZonedDateTime::parse);
        add(times, Duration.class, Duration::parse);
        return JsonMapper.builder()
                .addModule(times)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
                .build();
    }

    private static <T> void add(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(type, new StdScalarDeserializer<T>(type) {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                String text = parser.getValueAsString();
                if (text == null) {
                    throw MismatchedInputException.from(parser, type, "not text");
                }
                try {
                    return parse.apply(text);
                } catch (DateTimeException e) {
                    throw InvalidFormatException.from(parser, "not a time", text, type);
                }
            }
        });
    }
}
