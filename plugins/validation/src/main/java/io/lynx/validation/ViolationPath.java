package io.lynx.validation;

import jakarta.validation.ElementKind;
import jakarta.validation.Path;

/** Writes the place of a problem, such as {@code lines[2].quantity}. */
final class ViolationPath {
    private static final int LONGEST_KEY = 64;

    private ViolationPath() {}

    /**
     * Returns the path below {@code place}.
     *
     * @param isJson whether properties have their names in JSON
     */
    static String of(String place, Path path, boolean isJson) {
        String text = place;
        for (Path.Node node : path) {
            if (node.isInIterable()) {
                text = node.getKey() == null
                        ? text + "[" + (node.getIndex() == null ? "" : node.getIndex()) + "]"
                        : ofKey(text, node.getKey());
            }
            String name = node.getName();
            if (name != null && node.getKind() != ElementKind.CONTAINER_ELEMENT) {
                text = join(text, isJson ? NodeNames.inJson(name) : NodeNames.inJava(name));
            }
        }
        return text;
    }

    /** Returns the path of a value of a map. A client chooses the key, whose text stands in every problem below it. */
    static String ofKey(String place, Object key) {
        String text = String.valueOf(key);
        return join(place, text.length() <= LONGEST_KEY ? text : text.substring(0, LONGEST_KEY - 1) + "…");
    }

    static String join(String place, String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
