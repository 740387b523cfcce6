package io.lynx.http.engine.binding;

import io.lynx.config.Durations;
import io.lynx.extension.UserCode;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads parameters of one type from what a client sends. It is stricter than the parsers of the JDK: numbers have ASCII digits
 * only and at most 64 of them. Immutable.
 */
public final class ParameterType {
    private static final int MAX_DIGITS = 64;
    private static final List<String> FACTORIES = List.of("parse", "of", "fromString", "valueOf");

    private static final ClassValue<ParameterType> TYPES = new ClassValue<>() {
        @Override
        protected ParameterType computeValue(Class<?> type) {
            return create(type);
        }
    };

    private final String kind;
    private final String allowed;
    private final Function<String, @Nullable Object> reading;

    private ParameterType(String kind, String allowed, Function<String, @Nullable Object> reading) {
        this.kind = kind;
        this.allowed = allowed;
        this.reading = reading;
    }

    /**
     * Returns the reader of a type.
     *
     * @throws IllegalArgumentException if parameters cannot have that type
     */
    public static ParameterType of(Class<?> type) {
        return TYPES.get(type);
    }

    /** Returns the value; null if {@code text} is none. */
    @Nullable
    Object read(String text) {
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException | DateTimeException refused) {
            return null;
        }
    }

    /** The kind of value, such as {@code a whole number}. */
    String kind() {
        return kind;
    }

    /** An example or the values that are allowed; empty if neither helps. */
    String allowed() {
        return allowed;
    }

    /** Returns a duration as it is written in a parameter. */
    static String text(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static ParameterType create(Class<?> type) {
        if (type == String.class) {
            return new ParameterType("a text", "", text -> text);
        }
        if (type == int.class || type == Integer.class) {
            return whole(Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) number);
        }
        if (type == long.class || type == Long.class) {
            return whole(Long.MIN_VALUE, Long.MAX_VALUE, number -> number);
        }
        if (type == short.class || type == Short.class) {
            return whole(Short.MIN_VALUE, Short.MAX_VALUE, number -> (short) number);
        }
        if (type == byte.class || type == Byte.class) {
            return whole(Byte.MIN_VALUE, Byte.MAX_VALUE, number -> (byte) number);
        }
        if (type == boolean.class || type == Boolean.class) {
            return new ParameterType("a boolean", "true or false", ParameterType::bool);
        }
        if (type == double.class || type == Double.class) {
            return new ParameterType(
                    "a number", "write one such as 0.5", text -> isDecimal(text, true) ? finite(text) : null);
        }
        if (type == float.class || type == Float.class) {
            return new ParameterType(
                    "a number", "write one such as 0.5", text -> isDecimal(text, true) ? finiteFloat(text) : null);
        }
        if (type == BigDecimal.class) {
            return new ParameterType(
                    "a number", "write one such as 0.5", text -> isDecimal(text, false) ? new BigDecimal(text) : null);
        }
        if (type == BigInteger.class) {
            return new ParameterType(
                    "a whole number", "write one such as 10", text -> isWhole(text) ? new BigInteger(text) : null);
        }
        if (type == Duration.class) {
            return new ParameterType("a duration", "write one such as 250ms, 30s or 5m", Durations::parse);
        }
        if (type == UUID.class) {
            return new ParameterType("a UUID", "36 characters", ParameterType::uuid);
        }
        if (type == URI.class) {
            return new ParameterType("a URI", "", ParameterType::uri);
        }
        return type.isEnum() ? constants(type) : made(type);
    }

    /** Converts a whole number that is in range. */
    @FunctionalInterface
    private interface Narrowing {
        Object of(long number);
    }

    private static ParameterType whole(long min, long max, Narrowing narrowing) {
        return new ParameterType("a whole number", "from " + min + " to " + max, text -> {
            if (!isWhole(text)) {
                return null;
            }
            long number = Long.parseLong(text);
            return number < min || number > max ? null : narrowing.of(number);
        });
    }

    private static @Nullable Object bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    private static @Nullable Object finite(String text) {
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? number : null;
    }

    private static @Nullable Object finiteFloat(String text) {
        float number = Float.parseFloat(text);
        return Float.isFinite(number) ? number : null;
    }

    /** The JDK also accepts groups of other lengths, so that there would be many texts for one value. */
    private static @Nullable Object uuid(String text) {
        UUID value = UUID.fromString(text);
        return value.toString().equalsIgnoreCase(text) ? value : null;
    }

    private static @Nullable Object uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException notAUri) {
            return null;
        }
    }

    private static boolean isWhole(String text) {
        return isNumber(text, "");
    }

    private static boolean isDecimal(String text, boolean hasExponent) {
        return isNumber(text, hasExponent ? ".eE+-" : ".");
    }

    private static boolean isNumber(String text, String besidesDigits) {
        int first = text.startsWith("-") ? 1 : 0;
        if (text.length() == first || text.length() > MAX_DIGITS) {
            return false;
        }
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && besidesDigits.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static ParameterType constants(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        List<String> names = new ArrayList<>();
        for (Object constant : constants) {
            names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return new ParameterType("allowed", "one of " + String.join(", ", names), text -> {
            int index = names.indexOf(text.toLowerCase(Locale.ROOT).replace('_', '-'));
            return index < 0 ? null : constants[index];
        });
    }

    private static ParameterType made(Class<?> type) {
        for (String name : FACTORIES) {
            for (Method method : type.getDeclaredMethods()) {
                if (isFactory(method, name, type)) {
                    return new ParameterType("allowed", example(type), text -> make(method, text));
                }
            }
        }
        throw new IllegalArgumentException(
                "parameter type: " + type.getName() + "; text, a number, boolean, Duration, UUID,"
                        + " URI, an enum, or a type with a static parse(String), of(String) or valueOf(String)");
    }

    private static boolean isFactory(Method method, String name, Class<?> type) {
        boolean fits = method.getName().equals(name)
                && Modifier.isStatic(method.getModifiers())
                && !Modifier.isPrivate(method.getModifiers())
                && method.getReturnType() == type
                && method.getParameterCount() == 1
                && (method.getParameterTypes()[0] == String.class
                        || method.getParameterTypes()[0] == CharSequence.class);
        if (!fits) {
            return false;
        }
        try {
            if (!Modifier.isPublic(method.getModifiers()) || !Modifier.isPublic(type.getModifiers())) {
                method.setAccessible(true);
            }
            return true;
        } catch (InaccessibleObjectException hidden) {
            throw new IllegalArgumentException(
                    "parameter type: " + type.getName() + " is not accessible; its module must open "
                            + type.getPackageName() + " to io.lynx.http, or export it with the type public",
                    hidden);
        }
    }

    private static String example(Class<?> type) {
        return switch (type.getName()) {
            case "java.time.LocalDate" -> "a date such as 2026-11-29";
            case "java.time.Instant" -> "a time such as 2026-11-29T10:15:30Z";
            default -> "";
        };
    }

    private static @Nullable Object make(Method factory, String text) {
        try {
            return factory.invoke(null, text);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            if (cause != null) {
                UserCode.rethrowIfFatal(cause);
            }
            throw new IllegalStateException(factory + " failed", cause);
        } catch (IllegalAccessException hidden) {
            throw new IllegalStateException(factory + " cannot be called", hidden);
        }
    }
}
