package io.lynx.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A parser for one kind of single value. Stateless. */
sealed interface Scalar {
    /**
     * Parses {@code text}.
     *
     * @throws Refused if it is not such a value
     */
    Object read(String text);

    /** Returns an example, for messages about a wrong value. */
    String example();

    /** Returns a short description of the allowed values. */
    String describe();

    /** Signals a text that is not allowed; states what is wrong and what is allowed. */
    final class Refused extends RuntimeException {
        private final String complaint;
        private final String allowed;

        /**
         * Creates an exception.
         *
         * @param complaint follows the value in a message, as in <em>is not a duration</em>
         * @param allowed the values that are allowed
         */
        Refused(String complaint, String allowed) {
            super(complaint + "; " + allowed, null, false, false);
            this.complaint = complaint;
            this.allowed = allowed;
        }

        String complaint() {
            return complaint;
        }

        String allowed() {
            return allowed;
        }
    }

    /** Returns the parser for {@code type}; null if it is not the type of a single value. */
    static @Nullable Scalar of(Class<?> type) {
        if (type.isEnum()) {
            return new OneOf(type);
        }
        for (Plain plain : Plain.values()) {
            if (plain.type == type || plain.boxed == type) {
                return plain;
            }
        }
        Method factory = factory(type, "parse");
        if (factory == null) {
            factory = factory(type, "of");
        }
        return factory == null ? null : new Made(factory);
    }

    private static @Nullable Method factory(Class<?> type, String name) {
        for (Method method : type.getDeclaredMethods()) {
            boolean fits = method.getName().equals(name)
                    && Modifier.isStatic(method.getModifiers())
                    && !Modifier.isPrivate(method.getModifiers())
                    && method.getReturnType() == type
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == String.class;
            if (fits) {
                method.setAccessible(true);
                return method;
            }
        }
        return null;
    }

    /** The types with built-in parsers. */
    enum Plain implements Scalar {
        STRING(String.class, String.class, "text") {
            @Override
            public Object read(String text) {
                return text;
            }
        },
        BOOLEAN(boolean.class, Boolean.class, "true") {
            @Override
            public Object read(String text) {
                return switch (text) {
                    case "true", "True", "TRUE" -> true;
                    case "false", "False", "FALSE" -> false;
                    default -> throw new Refused("is neither true nor false", "write true or false");
                };
            }
        },
        INT(int.class, Integer.class, "10") {
            @Override
            public Object read(String text) {
                return Math.toIntExact(whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
            }
        },
        LONG(long.class, Long.class, "10") {
            @Override
            public Object read(String text) {
                return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
            }
        },
        DOUBLE(double.class, Double.class, "0.5") {
            @Override
            public Object read(String text) {
                return decimal(text);
            }
        },
        DURATION(Duration.class, Duration.class, "30s") {
            @Override
            public Object read(String text) {
                return duration(text);
            }
        },
        SIZE(Size.class, Size.class, "10MB") {
            @Override
            public Object read(String text) {
                try {
                    return Size.parse(text);
                } catch (IllegalArgumentException notASize) {
                    throw new Refused("is not a size", "" + notASize.getMessage());
                }
            }
        },
        HOST(Host.class, Host.class, "0.0.0.0") {
            @Override
            public Object read(String text) {
                try {
                    return new Host(text);
                } catch (IllegalArgumentException notAHost) {
                    throw new Refused("is not a host", "" + notAHost.getMessage());
                }
            }
        },
        PATH(Path.class, Path.class, "/var/lib/service") {
            @Override
            public Object read(String text) {
                try {
                    return Path.of(text);
                } catch (InvalidPathException notAPath) {
                    throw new Refused("is not a path", notAPath.getReason());
                }
            }
        },
        ADDRESS(URI.class, URI.class, "https://example.com/") {
            @Override
            public Object read(String text) {
                try {
                    return new URI(text);
                } catch (URISyntaxException notAUri) {
                    throw new Refused("is not a URI", notAUri.getReason() + ", at character " + notAUri.getIndex());
                }
            }
        };

        private final Class<?> type;
        private final Class<?> boxed;
        private final String example;

        Plain(Class<?> type, Class<?> boxed, String example) {
            this.type = type;
            this.boxed = boxed;
            this.example = example;
        }

        @Override
        public String example() {
            return example;
        }

        @Override
        public String describe() {
            return switch (this) {
                case STRING -> "text";
                case BOOLEAN -> "true or false";
                case INT, LONG -> "whole number";
                case DOUBLE -> "number";
                case DURATION -> "duration";
                case SIZE -> "size";
                case HOST -> "host";
                case PATH -> "path";
                case ADDRESS -> "URI";
            };
        }

        private static long whole(String text, long min, long max) {
            try {
                long number = Long.parseLong(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                if (!text.matches("[+-]?[0-9]+")) {
                    throw new Refused("is not a whole number", "write one such as 10");
                }
            }
            throw new Refused("is too large a number", "from " + min + " to " + max);
        }

        private static double decimal(String text) {
            try {
                double number = Double.parseDouble(text);
                if (Double.isFinite(number) && isPlain(text)) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // Refused below.
            }
            throw new Refused("is not a number", "write one such as 0.5");
        }

        private static boolean isPlain(String number) {
            for (int i = 0; i < number.length(); i++) {
                if ("0123456789+-.eE".indexOf(number.charAt(i)) < 0) {
                    return false;
                }
            }
            return true;
        }

        private static Duration duration(String text) {
            try {
                return Durations.parse(text);
            } catch (IllegalArgumentException notADuration) {
                throw new Refused("is not a duration", "write " + durationMeant(text));
            }
        }

        /** Returns what was probably meant, where the unit is missing, separated by a space or in capitals. */
        private static String durationMeant(String text) {
            String tight = text.replace(" ", "").toLowerCase(Locale.ROOT);
            for (String candidate : List.of(tight, tight + "s")) {
                try {
                    Durations.parse(candidate);
                    return "'" + candidate + "'";
                } catch (IllegalArgumentException notThatEither) {
                    // The next candidate is tried.
                }
            }
            return "one such as '250ms', '30s', '5m' or '1h'";
        }
    }

    /** A constant of an enum, in any case, with dashes or underscores. */
    record OneOf(Class<?> type) implements Scalar {
        @Override
        public Object read(String text) {
            String wanted = Suggestions.plain(text);
            List<String> names = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                String name = ((Enum<?>) constant).name();
                if (Suggestions.plain(name).equals(wanted)) {
                    return constant;
                }
                names.add(name.toLowerCase(Locale.ROOT));
            }
            throw new Refused("is not allowed", "one of " + String.join(", ", names));
        }

        @Override
        public String example() {
            return ((Enum<?>) type.getEnumConstants()[0]).name().toLowerCase(Locale.ROOT);
        }

        @Override
        public String describe() {
            List<String> names = new ArrayList<>();
            for (Object constant : type.getEnumConstants()) {
                names.add(((Enum<?>) constant).name().toLowerCase(Locale.ROOT));
            }
            return String.join(", ", names);
        }
    }

    /** A value that the static method {@code parse} or {@code of} of its type creates. */
    record Made(Method factory) implements Scalar {
        @Override
        public Object read(String text) {
            try {
                return factory.invoke(null, text);
            } catch (InvocationTargetException thrown) {
                Throwable cause = Objects.requireNonNullElse(thrown.getCause(), thrown);
                String code = factory.getDeclaringClass().getSimpleName() + "." + factory.getName();
                throw new Refused("is not allowed", RecordSchema.refusal(code, cause));
            } catch (IllegalAccessException hidden) {
                throw new IllegalStateException(factory + " cannot be called", hidden);
            }
        }

        @Override
        public String example() {
            return "text";
        }

        @Override
        public String describe() {
            return "text";
        }
    }
}
