package io.lynx.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses a list that an environment variable, a property, an argument or a default holds. Stateless. */
final class ListText {
    private static final String KEY = "list";

    /** An IPv6 address in brackets, with whatever follows it, such as a port. */
    private static final Pattern ADDRESS = Pattern.compile("\\[[0-9A-Fa-f:.]*:[0-9A-Za-z:.%_~-]*][^\\[\\]\\s]*");

    private ListText() {}

    /**
     * Returns the items of a list with commas, such as {@code a,b} or {@code [::1]:9092,[fd00::2]:9092}, or in YAML or JSON form,
     * such as {@code ["a", b]}; null if it begins like the latter and is not a list of plain values.
     */
    static @Nullable List<String> parse(String text) {
        if (!text.startsWith("[")) {
            return split(text);
        }
        List<String> items = yaml(text);
        return items == null ? addresses(text) : items;
    }

    /** Returns the parts between commas, without blank ones. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private static @Nullable List<String> yaml(String text) {
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

    private static @Nullable List<String> addresses(String text) {
        List<String> parts = split(text);
        for (String part : parts) {
            boolean hasBrackets = part.indexOf('[') >= 0 || part.indexOf(']') >= 0;
            if (hasBrackets && !ADDRESS.matcher(part).matches()) {
                return null;
            }
        }
        return parts;
    }
}
