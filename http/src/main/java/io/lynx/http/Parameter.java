package io.lynx.http;

import io.lynx.http.ValidationException.FieldError;
import io.lynx.http.engine.binding.ParameterSource;
import io.lynx.http.engine.binding.ParameterText;
import io.lynx.http.engine.binding.ParameterType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that a request has in its query, its path, a header or a cookie, to be read as a {@code T}. What is not a {@code T}, is
 * out of range, or occurs twice is answered with a 400 that names the parameter. To check several parameters and report all
 * problems at once, use {@link Request#bind}. Immutable.
 *
 * <p>The types are those of text, whole and decimal numbers, {@code boolean}, {@link java.time.Duration} ({@code 30s}),
 * {@link java.util.UUID}, {@link java.net.URI}, enums (in any case, with dashes or underscores), and every type with a static
 * {@code parse}, {@code of} or {@code valueOf} method of one text, such as those of {@code java.time}.
 */
public final class Parameter<T> {
    private final ParameterSource source;
    private final String name;
    private final List<String> texts;
    private final ParameterType type;
    private final @Nullable T min;
    private final @Nullable T max;

    private Parameter(
            ParameterSource source,
            String name,
            List<String> texts,
            ParameterType type,
            @Nullable T min,
            @Nullable T max) {
        this.source = source;
        this.name = name;
        this.texts = texts;
        this.type = type;
        this.min = min;
        this.max = max;
    }

    /** The parameter of that name, with the texts that the request has for it. */
    static <T> Parameter<T> of(ParameterSource source, String name, List<String> texts, Class<T> type) {
        return new Parameter<>(source, name, texts, ParameterType.of(type), null, null);
    }

    /**
     * Returns a copy that accepts values of at least {@code min}.
     *
     * @throws IllegalArgumentException if the type has no order
     */
    public Parameter<T> atLeast(T min) {
        return new Parameter<>(source, name, texts, type, ordered(min), max);
    }

    /**
     * Returns a copy that accepts values of at most {@code max}.
     *
     * @throws IllegalArgumentException if the type has no order
     */
    public Parameter<T> atMost(T max) {
        return new Parameter<>(source, name, texts, type, min, ordered(max));
    }

    /**
     * Returns a copy that accepts values from {@code min} to {@code max}, both included.
     *
     * @throws IllegalArgumentException if the type has no order
     */
    public Parameter<T> between(T min, T max) {
        return new Parameter<>(source, name, texts, type, ordered(min), ordered(max));
    }

    private T ordered(T end) {
        if (!(end instanceof Comparable<?>)) {
            throw new IllegalArgumentException("parameter " + name + ": "
                    + end.getClass().getName() + " has no order; only values that can be compared have a range");
        }
        return end;
    }

    /**
     * Returns the value.
     *
     * @throws ValidationException (400) if it is missing or not allowed
     */
    public T required() {
        return optional()
                .orElseThrow(() -> new ValidationException(
                        400, List.of(new FieldError(name, ParameterText.MISSING, source.text())), Map.of()));
    }

    /**
     * Returns the value, or {@code other} if the request does not have it.
     *
     * @throws ValidationException (400) if it is not allowed
     */
    public T orElse(T other) {
        return optional().orElse(other);
    }

    /**
     * Returns the value; empty if the request does not have it.
     *
     * @throws ValidationException (400) if it is not allowed
     */
    public Optional<T> optional() {
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        List<FieldError> errors = new ArrayList<>(1);
        List<Object> values = source.isSingle(texts, name, errors) ? read(texts.subList(0, 1), errors) : List.of();
        return Optional.of(this.<T>valid(values, errors).getFirst());
    }

    /**
     * Returns every value in the order of the request; empty if there are none.
     *
     * @throws ValidationException (400) that names each value that is not allowed
     */
    public List<T> all() {
        List<FieldError> errors = new ArrayList<>(1);
        return valid(read(texts, errors), errors);
    }

    private List<Object> read(List<String> each, List<FieldError> errors) {
        List<Object> values = new ArrayList<>(each.size());
        for (String text : each) {
            Object value = new ParameterText(source, name, type, min, max).read(text, errors);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    @SuppressWarnings("unchecked") // The type has read them.
    private <V> List<V> valid(List<Object> values, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw new ValidationException(400, errors, Map.of());
        }
        return (List<V>) values;
    }
}
