package io.lynx.json.jackson;

import io.lynx.json.JsonForm;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatTypes;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonMapFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNullFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonValueFormat;

/** Receives from a serializer how it writes; not thread-safe. */
final class FormVisitor extends JsonFormatVisitorWrapper.Base {
    /** Jackson calls local times date-time and time, which are with an offset in JSON Schema, and tells none for durations. */
    private static final Map<Class<?>, String> FORMATS = Map.of(
            Instant.class, "date-time",
            OffsetDateTime.class, "date-time",
            ZonedDateTime.class, "date-time",
            LocalDate.class, "date",
            OffsetTime.class, "time",
            LocalDateTime.class, "date-time-local",
            LocalTime.class, "time-local",
            Duration.class, "duration",
            Period.class, "duration",
            byte[].class, "base64");

    private final JacksonForms forms;
    private final JavaType type;
    private final int depth;
    private final boolean isOutermost;
    private JsonForm form = new JsonForm.Anything();
    private @Nullable StructureVisitor structure;

    FormVisitor(JacksonForms forms, SerializationContext context, JavaType type, int depth, boolean isOutermost) {
        super(context);
        this.forms = forms;
        this.type = type;
        this.depth = depth;
        this.isOutermost = isOutermost;
    }

    JsonForm form() {
        StructureVisitor visited = structure;
        return visited == null ? form : visited.form();
    }

    @Override
    public @Nullable JsonObjectFormatVisitor expectObjectFormat(JavaType hint) {
        if (!isOutermost) {
            form = new JsonForm.Reference(FormTypes.of(type));
            return null;
        }
        structure = new StructureVisitor(forms, getContext(), type);
        return structure;
    }

    @Override
    public @Nullable JsonArrayFormatVisitor expectArrayFormat(JavaType hint) {
        if (type.hasRawClass(byte[].class)) {
            form = text("");
            return null;
        }
        form = new JsonForm.Sequence(new JsonForm.Anything());
        return new JsonArrayFormatVisitor.Base(getContext()) {
            @Override
            public void itemsFormat(@Nullable JsonFormatVisitable serializer, JavaType items) {
                form = new JsonForm.Sequence(forms.nested(items, serializer, getContext(), depth + 1));
            }

            @Override
            public void itemsFormat(JsonFormatTypes items) {
                form = new JsonForm.Sequence(plain(items));
            }
        };
    }

    private JsonForm plain(JsonFormatTypes items) {
        JavaType content = type.getContentType();
        return switch (items) {
            case STRING -> new JsonForm.Text("", List.of());
            case BOOLEAN -> new JsonForm.Truth();
            case NUMBER -> new JsonForm.Numeric(false, format(content));
            case INTEGER -> new JsonForm.Numeric(true, format(content));
            case OBJECT, ARRAY, NULL, ANY -> new JsonForm.Anything();
        };
    }

    @Override
    public JsonMapFormatVisitor expectMapFormat(JavaType hint) {
        form = new JsonForm.Dictionary(new JsonForm.Anything());
        return new JsonMapFormatVisitor.Base(getContext()) {
            @Override
            public void valueFormat(@Nullable JsonFormatVisitable serializer, JavaType values) {
                form = new JsonForm.Dictionary(forms.nested(values, serializer, getContext(), depth + 1));
            }
        };
    }

    private JsonForm.Text text(String format) {
        return new JsonForm.Text(FORMATS.getOrDefault(type.getRawClass(), format), List.of());
    }

    @Override
    public JsonStringFormatVisitor expectStringFormat(JavaType hint) {
        form = text("");
        return new JsonStringFormatVisitor.Base() {
            @Override
            public void format(JsonValueFormat format) {
                boolean isTime = type.getRawClass().getName().startsWith("java.time.");
                form = text(isTime ? "" : format.toString());
            }

            @Override
            public void enumTypes(Set<String> values) {
                form = isOutermost || !type.isEnumType()
                        ? new JsonForm.Text("", List.copyOf(values))
                        : new JsonForm.Reference(type.getRawClass());
            }
        };
    }

    @Override
    public JsonNumberFormatVisitor expectNumberFormat(JavaType hint) {
        form = new JsonForm.Numeric(false, format(type));
        return new JsonNumberFormatVisitor.Base();
    }

    @Override
    public JsonIntegerFormatVisitor expectIntegerFormat(JavaType hint) {
        form = new JsonForm.Numeric(true, format(type));
        return new JsonIntegerFormatVisitor.Base() {
            @Override
            public void numberType(JsonParser.NumberType number) {
                // The visited type is known, and more exact.
            }
        };
    }

    private static String format(@Nullable JavaType number) {
        Class<?> raw = number == null ? Object.class : number.getRawClass();
        return switch (raw.getName()) {
            case "int", "java.lang.Integer" -> "int32";
            case "long", "java.lang.Long" -> "int64";
            case "float", "java.lang.Float" -> "float";
            case "double", "java.lang.Double" -> "double";
            default -> "";
        };
    }

    @Override
    public JsonBooleanFormatVisitor expectBooleanFormat(JavaType hint) {
        form = new JsonForm.Truth();
        return new JsonBooleanFormatVisitor.Base();
    }

    @Override
    public @Nullable JsonNullFormatVisitor expectNullFormat(JavaType hint) {
        return null;
    }

    @Override
    public @Nullable JsonAnyFormatVisitor expectAnyFormat(JavaType hint) {
        return null;
    }
}
