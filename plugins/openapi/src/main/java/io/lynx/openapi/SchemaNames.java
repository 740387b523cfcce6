package io.lynx.openapi;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Names types: by their simple names where these are unique, otherwise by the class or package around them too, and by their full names
 * if nothing else distinguishes them. The result depends on the types alone, not on their order.
 */
final class SchemaNames {
    private SchemaNames() {}

    /** How much of a name is used. */
    private enum Length {
        SIMPLE,
        WITH_SURROUNDINGS,
        FULL
    }

    /** Returns a unique name for each type; {@code taken} are names that none may have. */
    static Map<Type, String> of(Collection<Type> types, Set<String> taken) {
        Map<Type, String> names = new LinkedHashMap<>();
        Set<String> used = new HashSet<>(taken);
        List<Type> left = new ArrayList<>(types);
        left.sort(Comparator.comparing(Type::getTypeName));
        for (Length length : Length.values()) {
            Map<String, List<Type>> byName = left.stream()
                    .collect(Collectors.groupingBy(type -> name(type, length), TreeMap::new, Collectors.toList()));
            byName.forEach((name, same) -> {
                if (same.size() == 1 && used.add(name)) {
                    names.put(same.getFirst(), name);
                    left.remove(same.getFirst());
                }
            });
        }
        for (Type type : left) {
            String name = name(type, Length.FULL);
            int number = 2;
            while (!used.add(name + "_" + number)) {
                number++;
            }
            names.put(type, name + "_" + number);
        }
        return names;
    }

    private static String name(Type type, Length length) {
        return switch (type) {
            case Class<?> plain when plain.isArray() -> "ArrayOf" + name(plain.componentType(), length);
            case Class<?> plain -> name(plain, length);
            case ParameterizedType generic ->
                name(generic.getRawType(), length)
                        + Arrays.stream(generic.getActualTypeArguments())
                                .map(argument -> name(argument, length))
                                .collect(Collectors.joining("And", "Of", ""));
            case GenericArrayType array -> "ArrayOf" + name(array.getGenericComponentType(), length);
            default -> plain(type.getTypeName());
        };
    }

    private static String name(Class<?> type, Length length) {
        String full = type.getName().replace('$', '.');
        int simple = full.lastIndexOf('.');
        int surroundings = full.lastIndexOf('.', simple - 1);
        return plain(
                switch (length) {
                    case SIMPLE -> full.substring(simple + 1);
                    case WITH_SURROUNDINGS -> full.substring(surroundings + 1);
                    case FULL -> full;
                });
    }

    /** Names of components consist of these characters. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
