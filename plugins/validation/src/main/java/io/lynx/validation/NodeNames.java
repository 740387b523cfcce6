package io.lynx.validation;

import io.lynx.extension.UserCode;
import io.lynx.json.JsonCodec;
import io.lynx.json.JsonForm;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.validator.spi.nodenameprovider.JavaBeanProperty;
import org.hibernate.validator.spi.nodenameprovider.Property;
import org.hibernate.validator.spi.nodenameprovider.PropertyNodeNameProvider;

/**
 * Names properties in violations: by the name in Java, and by that in JSON if it is another one. The same type may be read from JSON and
 * from parameters, so both are kept until it is known which is meant. It is called once for each property of a type. Thread-safe.
 */
final class NodeNames implements PropertyNodeNameProvider {
    private static final char BETWEEN = '\0';

    private final JsonCodec codec;
    private final ClassValue<Map<String, String>> names = new ClassValue<>() {
        @Override
        protected Map<String, String> computeValue(Class<?> type) {
            return UserCode.call(() -> namesOf(codec.form(type)), Map.of(), _ -> {});
        }
    };

    NodeNames(JsonCodec codec) {
        this.codec = codec;
    }

    @Override
    public String getName(Property property) {
        String name = property.getName();
        if (!(property instanceof JavaBeanProperty declared)) {
            return name;
        }
        Map<String, String> known = names.get(declared.getDeclaringClass());
        String json = known.getOrDefault(name, known.getOrDefault(declared.getMemberName(), name));
        return json.equals(name) ? name : name + BETWEEN + json;
    }

    private static Map<String, String> namesOf(JsonForm form) {
        Map<String, String> byMember = new HashMap<>();
        if (form instanceof JsonForm.Structure structure) {
            structure.properties().forEach(property -> byMember.put(member(property.declaration()), property.name()));
        }
        return Map.copyOf(byMember);
    }

    private static String member(AnnotatedElement declaration) {
        return switch (declaration) {
            case RecordComponent component -> component.getName();
            case Member member -> member.getName();
            default -> "";
        };
    }

    static String inJava(String name) {
        int at = name.indexOf(BETWEEN);
        return at < 0 ? name : name.substring(0, at);
    }

    static String inJson(String name) {
        return name.substring(name.indexOf(BETWEEN) + 1);
    }
}
