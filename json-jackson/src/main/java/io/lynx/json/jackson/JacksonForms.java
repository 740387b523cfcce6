package io.lynx.json.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.lynx.json.JsonForm;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * Tells by the serializers of a mapper how values of a type are written: with its names, its formats, and the names of subtypes.
 * Thread-safe.
 */
final class JacksonForms {
    /** A collection whose elements are of its own type has no end. */
    private static final int DEEPEST = 32;

    private final JsonMapper mapper;

    JacksonForms(JsonMapper mapper) {
        this.mapper = mapper;
    }

    JsonForm of(Type type) {
        JavaType java = mapper.constructType(type);
        SerializationContext context = mapper._serializationContext();
        JsonTypeInfo.Value info = typeInfo(java);
        if (isAbstract(java)) {
            if (info != null) {
                return alternatives(java, info, context);
            }
            if (java.getRawClass().isSealed()) {
                return new JsonForm.Choice("", leaves(java.getRawClass(), new TreeMap<>()));
            }
        }
        FormVisitor visitor = new FormVisitor(this, context, java, 0, true);
        context.findRootValueSerializer(java).acceptJsonFormatVisitor(visitor, java);
        JsonForm form = visitor.form();
        return info != null && form instanceof JsonForm.Structure structure
                ? typed(java, structure, info, context)
                : form;
    }

    /** The form of a value inside another one. */
    JsonForm nested(JavaType type, @Nullable JsonFormatVisitable serializer, SerializationContext context, int depth) {
        if (depth > DEEPEST || type.isJavaLangObject()) {
            return new JsonForm.Anything();
        }
        if (type.isReferenceType()) {
            return new JsonForm.Nullable(nested(type.getReferencedType(), null, context, depth + 1));
        }
        if (isAbstract(type) && (typeInfo(type) != null || type.getRawClass().isSealed())) {
            return new JsonForm.Reference(FormTypes.of(type));
        }
        JsonFormatVisitable known = serializer == null ? context.findContentValueSerializer(type, null) : serializer;
        FormVisitor visitor = new FormVisitor(this, context, type, depth, false);
        known.acceptJsonFormatVisitor(visitor, type);
        return visitor.form();
    }

    SerializationConfig config() {
        return mapper.serializationConfig();
    }

    JsonMapper mapper() {
        return mapper;
    }

    private static boolean isAbstract(JavaType type) {
        Class<?> raw = type.getRawClass();
        return Modifier.isAbstract(raw.getModifiers())
                && !raw.isPrimitive()
                && !raw.isArray()
                && !type.isContainerType();
    }

    private AnnotatedClass annotated(JavaType type) {
        return config().classIntrospectorInstance().introspectClassAnnotations(type);
    }

    /** How the type of a value is written with it; null if it is not. */
    private JsonTypeInfo.@Nullable Value typeInfo(JavaType type) {
        if (type.isContainerType() || type.isPrimitive()) {
            return null;
        }
        JsonTypeInfo.Value info =
                config().getAnnotationIntrospector().findPolymorphicTypeInfo(config(), annotated(type));
        return JsonTypeInfo.Value.isEnabled(info) ? info : null;
    }

    private static boolean isProperty(JsonTypeInfo.Value info) {
        return info.getInclusionType() == JsonTypeInfo.As.PROPERTY
                || info.getInclusionType() == JsonTypeInfo.As.EXISTING_PROPERTY;
    }

    private static String discriminator(TypeSerializer serializer, JsonTypeInfo.Value info) {
        String name = serializer.getPropertyName();
        return name == null ? String.valueOf(info.getPropertyName()) : name;
    }

    private JsonForm alternatives(JavaType base, JsonTypeInfo.Value info, SerializationContext context) {
        TypeSerializer serializer = context.findTypeSerializer(base);
        if (serializer == null || !isProperty(info)) {
            return new JsonForm.Anything();
        }
        Collection<NamedType> subtypes =
                config().getSubtypeResolver().collectAndResolveSubtypesByClass(config(), annotated(base));
        Map<String, Type> byId = new TreeMap<>();
        for (NamedType subtype : subtypes) {
            Class<?> type = subtype.getType();
            if (!Modifier.isAbstract(type.getModifiers())) {
                String id = serializer.getTypeIdResolver().idFromValueAndType(context, null, type);
                byId.put(id, type);
            }
        }
        return byId.isEmpty() ? new JsonForm.Anything() : new JsonForm.Choice(discriminator(serializer, info), byId);
    }

    /** Adds the property that names the type, unless the type has it. */
    private JsonForm typed(
            JavaType type, JsonForm.Structure structure, JsonTypeInfo.Value info, SerializationContext context) {
        TypeSerializer serializer = context.findTypeSerializer(type);
        if (serializer == null || !isProperty(info)) {
            return new JsonForm.Anything();
        }
        String name = discriminator(serializer, info);
        String id = serializer.getTypeIdResolver().idFromValueAndType(context, null, type.getRawClass());
        List<JsonForm.Property> properties = new ArrayList<>();
        properties.add(new JsonForm.Property(
                name, new JsonForm.Text("", List.of(id)), type.getRawClass(), JsonForm.Access.BOTH, false));
        structure.properties().stream()
                .filter(property -> !property.name().equals(name))
                .forEach(properties::add);
        return new JsonForm.Structure(properties);
    }

    /** The types that values of a sealed type have. */
    private static Map<String, Type> leaves(Class<?> sealed, Map<String, Type> into) {
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed() && Modifier.isAbstract(permitted.getModifiers())) {
                Map<String, Type> _ = leaves(permitted, into);
            } else {
                into.put(permitted.getName(), permitted);
            }
        }
        return new LinkedHashMap<>(into);
    }
}
