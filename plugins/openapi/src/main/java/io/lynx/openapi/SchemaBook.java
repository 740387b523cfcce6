package io.lynx.openapi;

import io.lynx.config.Doc;
import io.lynx.extension.UserCode;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonForm;
import io.lynx.json.JsonForm.Access;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas (JSON Schema 2020-12) of the types that a document needs, as the codec of the server writes them. Objects, enums and sealed
 * types have a name and are referred to; everything else is written where it is used. Not thread-safe.
 */
final class SchemaBook {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaBook.class);

    /** A generic type that contains itself with ever more type arguments would have no end. */
    private static final int DEEPEST_ARGUMENT = 6;

    private static final int MOST_SCHEMAS = 2_000;

    private final JsonCodec codec;
    private final Map<Type, Named> named = new LinkedHashMap<>();
    private final Map<Type, JsonForm> forms = new HashMap<>();
    private final Deque<Named> unwritten = new ArrayDeque<>();
    private boolean isFull;

    SchemaBook(JsonCodec codec) {
        this.codec = codec;
    }

    /** A schema with a name. */
    private record Named(Type type, SchemaRef ref, Map<String, Object> schema) {}

    /** Returns the schema of a type, or a reference to it. */
    Map<String, Object> of(Type type) {
        JsonForm form = form(type);
        return switch (form) {
            case JsonForm.Structure _, JsonForm.Choice _ -> reference(type);
            case JsonForm.Text text when !text.allowed().isEmpty() -> reference(type);
            default -> schema(form);
        };
    }

    /** Returns every schema with a name, by its name; {@code taken} are names that none may have. */
    Map<String, Object> components(Set<String> taken) {
        while (!unwritten.isEmpty()) {
            Named next = unwritten.remove();
            next.schema().putAll(schema(form(next.type())));
        }
        Map<String, Object> components = new TreeMap<>();
        SchemaNames.of(named.keySet(), taken).forEach((type, name) -> {
            Named schema = named.get(type);
            if (schema != null) {
                schema.ref().name(name);
                components.put(name, schema.schema());
            }
        });
        return components;
    }

    private JsonForm form(Type type) {
        JsonForm known = forms.get(type);
        if (known == null) {
            known = UserCode.call(
                    () -> codec.form(type),
                    new JsonForm.Anything(),
                    failure -> LOG.warn(
                            "{} cannot be described; its schema allows any value",
                            type.getTypeName(),
                            UserCode.loggable(failure)));
            forms.put(type, known);
        }
        return known;
    }

    private Map<String, Object> reference(Type type) {
        Named known = named.get(type);
        if (known == null) {
            if (depth(type) > DEEPEST_ARGUMENT) {
                return new LinkedHashMap<>();
            }
            if (named.size() >= MOST_SCHEMAS) {
                warnOnce();
                return new LinkedHashMap<>();
            }
            known = new Named(type, new SchemaRef(), new LinkedHashMap<>());
            named.put(type, known);
            unwritten.add(known);
        }
        return map("$ref", known.ref());
    }

    private void warnOnce() {
        if (!isFull) {
            isFull = true;
            LOG.warn("More than {} types are described; the schemas of further ones allow any value", MOST_SCHEMAS);
        }
    }

    private static int depth(Type type) {
        int deepest = 0;
        if (type instanceof ParameterizedType generic) {
            for (Type argument : generic.getActualTypeArguments()) {
                deepest = Math.max(deepest, depth(argument) + 1);
            }
        }
        return deepest;
    }

    private Map<String, Object> schema(JsonForm form) {
        return switch (form) {
            case JsonForm.Anything _ -> new LinkedHashMap<>();
            case JsonForm.Truth _ -> map("type", "boolean");
            case JsonForm.Numeric number -> {
                Map<String, Object> schema = map("type", number.isWhole() ? "integer" : "number");
                yield number.format().isEmpty() ? schema : with(schema, "format", number.format());
            }
            case JsonForm.Text text -> text(text);
            case JsonForm.Sequence sequence -> with(map("type", "array"), "items", schema(sequence.items()));
            case JsonForm.Dictionary dictionary ->
                with(map("type", "object"), "additionalProperties", schema(dictionary.values()));
            case JsonForm.Nullable nullable -> Nullness.nullable(schema(nullable.form()));
            case JsonForm.Reference reference -> reference(reference.type());
            case JsonForm.Structure structure -> structure(structure);
            case JsonForm.Choice choice -> choice(choice);
        };
    }

    private static Map<String, Object> text(JsonForm.Text text) {
        Map<String, Object> schema = map("type", "string");
        if (!text.allowed().isEmpty()) {
            schema.put("enum", new ArrayList<Object>(text.allowed()));
        }
        if (text.format().equals("base64")) {
            schema.put("contentEncoding", "base64");
        } else if (!text.format().isEmpty()) {
            schema.put("format", text.format());
        }
        return schema;
    }

    private Map<String, Object> choice(JsonForm.Choice choice) {
        List<Object> alternatives = new ArrayList<>();
        Map<String, Object> mapping = new LinkedHashMap<>();
        choice.alternatives().forEach((id, type) -> {
            Map<String, Object> reference = reference(type);
            alternatives.add(reference);
            Object target = reference.get("$ref");
            if (target != null) {
                mapping.put(id, target);
            }
        });
        if (choice.discriminator().isEmpty()) {
            // Values of two types may look alike.
            return map("anyOf", alternatives);
        }
        Map<String, Object> discriminator = map("propertyName", choice.discriminator());
        return with(map("oneOf", alternatives), "discriminator", with(discriminator, "mapping", mapping));
    }

    private Map<String, Object> structure(JsonForm.Structure structure) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (JsonForm.Property property : structure.properties()) {
            Declared declared = Declared.of(property.declaration());
            Map<String, Object> schema = declared.refine(schema(property.form()));
            boolean isNullable = property.form() instanceof JsonForm.Nullable || declared.isNullable();
            if (declared.isNullable() && !(property.form() instanceof JsonForm.Nullable)) {
                schema = Nullness.nullable(schema);
            }
            Doc doc = property.declaration() instanceof RecordComponent component
                    ? component.getAnnotation(Doc.class)
                    : null;
            if (doc != null) {
                schema.put("description", doc.value());
            }
            if (property.access() != Access.BOTH) {
                schema.put(property.access() == Access.WRITTEN ? "readOnly" : "writeOnly", true);
            }
            properties.put(property.name(), schema);
            if (!isNullable && !property.mayBeAbsent() && property.access() == Access.BOTH) {
                required.add(property.name());
            }
        }
        Map<String, Object> schema = with(map("type", "object"), "properties", properties);
        return required.isEmpty() ? schema : with(schema, "required", required);
    }

    private static Map<String, Object> map(String key, Object value) {
        return with(new LinkedHashMap<>(), key, value);
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        map.put(key, value);
        return map;
    }
}
