package io.lynx.json;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link JsonCodec} writes the values of a type, for code that describes JSON, such as an OpenAPI document. The
 * forms inside a form are complete, apart from a {@link Reference}: a caller asks the codec for its form in turn. Types may
 * refer to themselves by references only. Immutable.
 */
public sealed interface JsonForm {
    /** Any value, or one that the codec knows nothing about. */
    record Anything() implements JsonForm {}

    /** {@code true} or {@code false}. */
    record Truth() implements JsonForm {}

    /**
     * A number.
     *
     * @param isWhole whether it has no fraction
     * @param format {@code int32}, {@code int64}, {@code float}, {@code double}, or empty for any number
     */
    record Numeric(boolean isWhole, String format) implements JsonForm {}

    /**
     * A text.
     *
     * @param format a format of JSON Schema, such as {@code date-time} or {@code uuid}; empty for none
     * @param allowed every text that is allowed; empty for any text
     */
    record Text(String format, List<String> allowed) implements JsonForm {
        /** Copies the list. */
        public Text {
            allowed = List.copyOf(allowed);
        }
    }

    /** An array. */
    record Sequence(JsonForm items) implements JsonForm {}

    /** An object whose keys are not known. */
    record Dictionary(JsonForm values) implements JsonForm {}

    /** A value that may also be {@code null}. */
    record Nullable(JsonForm form) implements JsonForm {}

    /** A value whose form is that of another type. */
    record Reference(Type type) implements JsonForm {}

    /** An object with known properties, in the order in which they are written. */
    record Structure(List<Property> properties) implements JsonForm {
        /** Copies the list. */
        public Structure {
            properties = List.copyOf(properties);
        }
    }

    /**
     * One of several types.
     *
     * @param discriminator the property that names the type; empty if none does
     * @param alternatives the types, in a fixed order, by the value of that property, or by any unique text if there is none
     */
    record Choice(String discriminator, Map<String, Type> alternatives) implements JsonForm {
        /** Copies the map and keeps its order. */
        public Choice {
            alternatives = Collections.unmodifiableMap(new LinkedHashMap<>(alternatives));
        }
    }

    /**
     * A property of an object.
     *
     * @param name its name in JSON
     * @param declaration what declares it and carries its annotations: a record component, a method or a field
     * @param access whether it is written, read, or both
     * @param mayBeAbsent whether it is left out for some values other than null, such as empty lists
     */
    record Property(String name, JsonForm form, AnnotatedElement declaration, Access access, boolean mayBeAbsent) {}

    /** In which direction a property is used. */
    enum Access {
        /** It is written and read. */
        BOTH,
        /** It is written and ignored when read. */
        WRITTEN,
        /** It is read and never written, such as a password. */
        READ
    }
}
