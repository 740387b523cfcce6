package io.lynx.validation;

import io.lynx.http.ValidationException.FieldError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects in what was read: collections, maps and arrays have no constraints of their own, however deep they are nested, so their
 * elements are checked. Not thread-safe.
 */
final class CheckedValues {
    /** Further problems are not listed: a body may have thousands of elements, and each would have its text in the answer. */
    static final int MOST_ERRORS = 100;

    private final Check check;
    private final List<FieldError> errors = new ArrayList<>(0);

    /** Checks one object. */
    @FunctionalInterface
    interface Check {
        /**
         * Returns the problems of {@code object}, in whatever order.
         *
         * @param place where it is; empty if nothing is around it
         */
        List<FieldError> problems(Object object, String place);
    }

    private CheckedValues(Check check) {
        this.check = check;
    }

    /** Returns the problems of all objects in {@code value}, those of each object in the order of their fields. */
    static List<FieldError> problems(Object value, Check check) {
        CheckedValues values = new CheckedValues(check);
        values.find(value, "");
        return values.errors;
    }

    private void find(@Nullable Object value, String place) {
        switch (value) {
            case null -> {}
            // Not every Iterable: a file path is one, and its element is the path itself.
            case Collection<?> elements -> findIn(elements, place);
            case Object[] elements -> findIn(Arrays.asList(elements), place);
            case Map<?, ?> map ->
                map.forEach((key, element) -> {
                    if (isOpen()) {
                        find(element, ViolationPath.ofKey(place, key));
                    }
                });
            default -> add(check.problems(value, place));
        }
    }

    private void findIn(Iterable<?> elements, String place) {
        int index = 0;
        for (Object element : elements) {
            if (!isOpen()) {
                return;
            }
            find(element, place + "[" + index++ + "]");
        }
    }

    private boolean isOpen() {
        return errors.size() < MOST_ERRORS;
    }

    private void add(List<FieldError> problems) {
        if (!problems.isEmpty()) {
            problems.stream()
                    .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::message))
                    .limit(MOST_ERRORS - (long) errors.size())
                    .forEach(errors::add);
        }
    }
}
