package io.lynx.json.jackson;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.lynx.json.JsonForm;
import io.lynx.json.JsonForm.Access;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitable;
import tools.jackson.databind.jsonFormatVisitors.JsonObjectFormatVisitor;
import tools.jackson.databind.ser.BeanPropertyWriter;

/** Receives the properties of an object that are written, and adds those that are only read. Not thread-safe. */
final class StructureVisitor extends JsonObjectFormatVisitor.Base {
    private final JacksonForms forms;
    private final JavaType type;
    private final List<JsonForm.Property> properties = new ArrayList<>();

    StructureVisitor(JacksonForms forms, SerializationContext context, JavaType type) {
        super(context);
        this.forms = forms;
        this.type = type;
    }

    JsonForm form() {
        BeanDescription bean = described();
        Set<String> names = new HashSet<>(bean.getIgnoredPropertyNames());
        properties.forEach(property -> names.add(property.name()));
        List<JsonForm.Property> all = new ArrayList<>(properties);
        for (BeanPropertyDefinition read : bean.findProperties()) {
            if (isRead(read) && names.add(read.getName())) {
                JsonForm form = forms.nested(read.getPrimaryType(), null, getContext(), 0);
                all.add(new JsonForm.Property(
                        read.getName(),
                        form,
                        declaration(read.getPrimaryMember(), read.getInternalName()),
                        Access.READ,
                        true));
            }
        }
        return new JsonForm.Structure(all);
    }

    private static boolean isRead(BeanPropertyDefinition property) {
        AnnotatedMember member = property.getPrimaryMember();
        return property.couldDeserialize() && (member == null || !member.hasAnnotation(JsonUnwrapped.class));
    }

    private BeanDescription described() {
        DeserializationConfig config = forms.mapper().deserializationConfig();
        ClassIntrospector introspector = config.classIntrospectorInstance();
        return introspector.introspectForDeserialization(type, introspector.introspectClassAnnotations(type));
    }

    @Override
    public void property(BeanProperty property) {
        add(property);
    }

    @Override
    public void optionalProperty(BeanProperty property) {
        add(property);
    }

    @Override
    public void property(String name, @Nullable JsonFormatVisitable serializer, JavaType of) {
        optionalProperty(name, serializer, of);
    }

    @Override
    public void optionalProperty(String name, @Nullable JsonFormatVisitable serializer, JavaType of) {
        JsonForm form = forms.nested(of, serializer, getContext(), 0);
        properties.add(new JsonForm.Property(name, form, type.getRawClass(), Access.BOTH, true));
    }

    private void add(BeanProperty property) {
        JsonProperty told = property.getAnnotation(JsonProperty.class);
        boolean isWrittenOnly = told != null && told.access() == JsonProperty.Access.READ_ONLY;
        JsonInclude.Include inclusion = property.findPropertyInclusion(
                        forms.config(), property.getType().getRawClass())
                .getValueInclusion();
        boolean mayBeAbsent =
                switch (inclusion) {
                    case ALWAYS, NON_NULL, NON_ABSENT, USE_DEFAULTS -> false;
                    case NON_EMPTY, NON_DEFAULT, CUSTOM -> true;
                };
        properties.add(new JsonForm.Property(
                property.getName(),
                form(property),
                declaration(property.getMember(), property.getName()),
                isWrittenOnly ? Access.WRITTEN : Access.BOTH,
                mayBeAbsent));
    }

    private JsonForm form(BeanProperty property) {
        if (property.getAnnotation(JsonTypeInfo.class) != null) {
            return new JsonForm.Anything();
        }
        JsonFormatVisitable serializer = property instanceof BeanPropertyWriter writer ? writer.getSerializer() : null;
        if (serializer == null && !property.getType().isReferenceType()) {
            serializer = getContext().findPrimaryPropertySerializer(property.getType(), property);
        }
        return forms.nested(property.getType(), serializer, getContext(), 0);
    }

    /** The record component behind an accessor or a parameter of a constructor. */
    private AnnotatedElement declaration(@Nullable AnnotatedMember member, String name) {
        Class<?> declaring = member == null ? type.getRawClass() : member.getDeclaringClass();
        if (declaring.isRecord()) {
            String accessor = member == null || member.getName().isEmpty() ? name : member.getName();
            for (RecordComponent component : declaring.getRecordComponents()) {
                if (component.getName().equals(accessor)) {
                    return component;
                }
            }
        }
        return member != null && member.getMember() instanceof AnnotatedElement element ? element : declaring;
    }
}
