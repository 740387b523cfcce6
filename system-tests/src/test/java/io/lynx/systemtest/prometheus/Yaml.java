package io.lynx.systemtest.prometheus;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads YAML leniently: what is not there is empty. */
final class Yaml {
    private Yaml() {}

    static Map<?, ?> read(Path file) {
        return map(new Load(LoadSettings.builder().build()).loadFromString(Ops.read(file)));
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list ? list : List.of();
    }

    static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    static Map<String, String> strings(Map<?, ?> map, String key) {
        var strings = new TreeMap<String, String>();
        map(map.get(key)).forEach((name, text) -> strings.put(String.valueOf(name), String.valueOf(text)));
        return strings;
    }
}
