package io.lynx.json;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;

/**
 * A type that may have type arguments, such as {@code List<Order>}. Create one as an anonymous subclass:
 *
 * <pre>{@code
 * List<Order> orders = codec.read(body, new TypeOf<List<Order>>() {});
 * }</pre>
 *
 * Two of them are equal if their types are. Immutable.
 *
 * @param <T> the type
 */
public abstract class TypeOf<T> {
    private final Type type;

    /**
     * Captures the type argument of the subclass.
     *
     * @throws IllegalArgumentException if the subclass gives no type argument, or a type variable
     */
    protected TypeOf() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType captured)
                || captured.getRawType() != TypeOf.class) {
            throw new IllegalArgumentException(
                    getClass().getName() + ": does not name its type; write new TypeOf<List<Order>>() {}");
        }
        this.type = captured.getActualTypeArguments()[0];
        if (type instanceof TypeVariable<?>) {
            throw new IllegalArgumentException(
                    "TypeOf<" + type + ">: a type variable is not known at run time; name a class");
        }
    }

    private TypeOf(Class<T> type) {
        this.type = type;
    }

    /** Returns a class as a type. */
    public static <T> TypeOf<T> of(Class<T> type) {
        return new OfClass<>(type);
    }

    /** Returns the type. */
    public final Type type() {
        return type;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof TypeOf<?> that && type.equals(that.type);
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    /** Returns the type as it is written in Java, with full class names. */
    @Override
    public final String toString() {
        return type.getTypeName();
    }

    private static final class OfClass<T> extends TypeOf<T> {
        OfClass(Class<T> type) {
            super(type);
        }
    }
}
