package io.lynx.http;

import io.lynx.http.engine.binding.ParameterSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of a form that a client has sent, with its files. Immutable; its files are for the handler's thread only. */
public final class Form {
    private final Map<String, List<String>> values;
    private final Map<String, List<UploadedFile>> files;

    /** A form with these fields, in their order. */
    public Form(Map<String, List<String>> values, Map<String, List<UploadedFile>> files) {
        this.values = values;
        this.files = files;
    }

    /** Returns the names of the fields that are not files, in the order of the form. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Returns the first value of a field. */
    public Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** Returns every value of a field, in the order of the form. */
    public List<String> values(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * Returns a field, to be read as a {@code T}.
     *
     * @throws IllegalArgumentException if parameters cannot have that type
     */
    public <T> Parameter<T> value(String name, Class<T> type) {
        return Parameter.of(ParameterSource.FORM, name, values(name), type);
    }

    /** Returns the first file of a field. */
    public Optional<UploadedFile> file(String name) {
        return files(name).stream().findFirst();
    }

    /** Returns every file of a field, in the order of the form. */
    public List<UploadedFile> files(String name) {
        return List.copyOf(files.getOrDefault(name, List.of()));
    }
}
