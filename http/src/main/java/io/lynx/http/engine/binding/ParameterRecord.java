package io.lynx.http.engine.binding;

import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that the parameters of a request are bound to. Its structure is read once for each type. Immutable.
 *
 * @param constructor the canonical constructor
 */
record ParameterRecord(Constructor<?> constructor, List<ParameterComponent> components) {
    private static final ClassValue<ParameterRecord> RECORDS = new ClassValue<>() {
        @Override
        protected ParameterRecord computeValue(Class<?> type) {
            return create(type);
        }
    };

    /**
     * Returns the record with the parameters of {@code request}.
     *
     * @throws ValidationException (400) that names every parameter at fault
     * @throws IllegalArgumentException if the record cannot be bound
     */
    static <T extends Record> T bind(Request request, Class<T> type) {
        return type.cast(RECORDS.get(type).bind(request));
    }

    /** The answer to parameters that a validator has refused: its names of components become those of the parameters. */
    static ValidationException invalid(Class<? extends Record> type, String template, List<FieldError> errors) {
        RecordComponent[] declared = type.getRecordComponents();
        List<ParameterComponent> components = RECORDS.get(type).components();
        List<FieldError> named = new ArrayList<>(errors.size());
        for (FieldError error : errors) {
            FieldError own = error;
            for (int i = 0; i < declared.length; i++) {
                String name = declared[i].getName();
                // The problem may be that of one value of a list.
                if (error.in().isEmpty()
                        && (error.field().equals(name) || error.field().startsWith(name + "["))) {
                    ParameterComponent component = components.get(i);
                    own = new FieldError(
                            component.name(),
                            error.message(),
                            component.sourceIn(template).text());
                }
            }
            named.add(own);
        }
        return new ValidationException(400, named, Map.of());
    }

    private Object bind(Request request) {
        String template = request.route().orElse("");
        List<FieldError> errors = new ArrayList<>(0);
        @Nullable Object[] values = new Object[components.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = components.get(i).value(request, template, errors);
        }
        if (!errors.isEmpty()) {
            throw new ValidationException(400, errors, Map.of());
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException thrown) {
            throw refused(thrown);
        } catch (InstantiationException | IllegalAccessException impossible) {
            throw new IllegalStateException(constructor + " cannot be called", impossible);
        }
    }

    /** What the record itself has thrown; its message is not passed on, since it may name what clients must not know. */
    private RuntimeException refused(InvocationTargetException thrown) {
        Throwable cause = thrown.getCause();
        if (cause instanceof HttpException answer) {
            return answer;
        }
        if (cause instanceof IllegalArgumentException refusal) {
            return new HttpException(400, "the parameters are not acceptable together", refusal);
        }
        if (cause != null) {
            UserCode.rethrowIfFatal(cause);
        }
        return new IllegalStateException(constructor + " failed", cause);
    }

    private static ParameterRecord create(Class<?> type) {
        RecordComponent[] all = type.getRecordComponents();
        Class<?>[] types = new Class<?>[all.length];
        List<ParameterComponent> components = new ArrayList<>(all.length);
        for (int i = 0; i < all.length; i++) {
            types[i] = all[i].getType();
            components.add(ParameterComponent.of(all[i]));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new ParameterRecord(constructor, List.copyOf(components));
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InaccessibleObjectException hidden) {
            throw new IllegalArgumentException(
                    type.getName() + ": not accessible; its module must open " + type.getPackageName()
                            + " to io.lynx.http, or export it with the record public",
                    hidden);
        }
    }
}
