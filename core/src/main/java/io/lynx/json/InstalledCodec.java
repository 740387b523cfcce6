package io.lynx.json;

import java.lang.reflect.Type;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the one implementation that the class path or module path provides, at its first use. Thread-safe. */
final class InstalledCodec implements JsonCodec {
    private final ClassLoader loader;
    private volatile @Nullable JsonCodec found;

    InstalledCodec() {
        this(loaderOfApplication());
    }

    InstalledCodec(ClassLoader loader) {
        this.loader = loader;
    }

    private static ClassLoader loaderOfApplication() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? InstalledCodec.class.getClassLoader() : context;
    }

    @Override
    public byte[] write(Object value) {
        return codec().write(value);
    }

    @Override
    public <T> T read(byte[] json, TypeOf<T> type) {
        return codec().read(json, type);
    }

    @Override
    public JsonForm form(Type type) {
        return codec().form(type);
    }

    /** Two threads may find it at once; either result is right. */
    private JsonCodec codec() {
        JsonCodec known = found;
        if (known == null) {
            known = find();
            found = known;
        }
        return known;
    }

    private JsonCodec find() {
        List<ServiceLoader.Provider<JsonCodec>> providers =
                ServiceLoader.load(JsonCodec.class, loader).stream().toList();
        return switch (providers.size()) {
            case 0 ->
                throw new IllegalStateException(
                        "JSON: no implementation is installed; add io.lynx:lynx-json-jackson, or"
                                + " another module that provides io.lynx.json.JsonCodec");
            case 1 -> providers.getFirst().get();
            default ->
                throw new IllegalStateException("JSON: several implementations are installed ("
                        + providers.stream()
                                .map(provider -> provider.type().getName())
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + "); remove all but one, or pass the codec to use");
        };
    }
}
