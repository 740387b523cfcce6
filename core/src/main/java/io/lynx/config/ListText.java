package io.lynx.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parses a list in YAML or JSON form that an environment variable, a property or an argument holds. */
final class ListText {
    private static final String KEY = "list";

    private ListText() {}

    /** Returns the items of a text such as {@code ["a", b]}; null if it is not a list of plain values. */
    static @Nullable List<String> parse(String text) {
        Optional<YamlNode.Mapping> document = YamlReader.read(KEY, KEY + ": " + text, new ArrayList<>());
        if (document.isEmpty() || !(document.get().entries().get(KEY) instanceof YamlNode.Sequence list)) {
            return null;
        }
        List<String> items = new ArrayList<>();
        for (YamlNode item : list.items()) {
            if (!(item instanceof YamlNode.Scalar scalar)) {
                return null;
            }
            items.add(scalar.text());
        }
        return items;
    }
}
