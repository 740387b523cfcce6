package io.lynx.http.engine.binding;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.DescribedRoute.Input;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Describes the parameters that are bound to a record. */
public final class ParameterInputs {
    private ParameterInputs() {}

    /**
     * Returns the parameters of a record, for a route with these variables.
     *
     * @throws IllegalArgumentException if the record cannot be bound
     */
    public static List<Input> of(Class<? extends Record> type, List<String> variables) {
        List<Input> inputs = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            inputs.add(of(component, variables));
        }
        return inputs;
    }

    private static Input of(RecordComponent component, List<String> variables) {
        ParameterComponent bound = ParameterComponent.of(component);
        Range range = component.getAnnotation(Range.class);
        Optional<String> byDefault = annotation(component, Default.class).map(Default::value);
        ParameterSource source = bound.source();
        if (source == null) {
            source = variables.contains(bound.name()) ? ParameterSource.PATH : ParameterSource.QUERY;
        }
        boolean isRequired = source == ParameterSource.PATH
                || (bound.shape() == ParameterComponent.Shape.REQUIRED && byDefault.isEmpty());
        return new Input(
                bound.name(),
                source.text(),
                annotation(component, Doc.class).map(Doc::value).orElse(""),
                ParameterComponent.elementType(component, bound.shape()),
                isRequired,
                bound.shape() == ParameterComponent.Shape.LIST,
                range == null ? "" : range.min(),
                range == null ? "" : range.max(),
                byDefault,
                Optional.of(component));
    }

    private static <A extends Annotation> Optional<A> annotation(RecordComponent component, Class<A> type) {
        @Nullable A present = component.getAnnotation(type);
        return Optional.ofNullable(present);
    }
}
