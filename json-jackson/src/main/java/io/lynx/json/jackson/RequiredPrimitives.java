package io.lynx.json.jackson;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Requires each primitive that a constructor takes, such as a component of a record. No value stands for its absence: a client may have
 * sent 0 or false. Annotations can make one optional, and so does an application that accepts null for primitives. Stateless and
 * thread-safe.
 */
final class RequiredPrimitives extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        boolean isRequired = member instanceof AnnotatedParameter parameter
                && member.getRawType().isPrimitive()
                && config instanceof DeserializationConfig reading
                && reading.isEnabled(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                && isRead(parameter);
        return isRequired ? Boolean.TRUE : null;
    }

    private static boolean isRead(AnnotatedParameter parameter) {
        JsonProperty property = parameter.getAnnotation(JsonProperty.class);
        return !isIgnored(parameter) && (property == null || property.access() != JsonProperty.Access.READ_ONLY);
    }

    /** A component's annotation that a parameter cannot have is on its accessor. */
    private static boolean isIgnored(AnnotatedParameter parameter) {
        RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
        return components != null
                && components.length == parameter.getOwner().getParameterCount()
                && components[parameter.getIndex()].getAccessor().isAnnotationPresent(JsonIgnore.class);
    }
}
