package io.lynx.openapi;

import java.util.ArrayList;
import java.util.List;

/**
 * A template of a route as a path of OpenAPI, which has no variable of several segments.
 *
 * @param path the path, such as {@code /files/{path}}
 * @param shape the path without the names of its variables: OpenAPI allows one path of each shape
 * @param variables the names of the variables in their order
 * @param hasTail whether the last of them stands for several segments
 */
record PathTemplate(String path, String shape, List<String> variables, boolean hasTail) {
    static PathTemplate of(String template) {
        StringBuilder path = new StringBuilder();
        StringBuilder shape = new StringBuilder();
        List<String> variables = new ArrayList<>();
        boolean hasTail = false;
        for (String segment : template.substring(1).split("/", -1)) {
            if (segment.startsWith("{")) {
                hasTail = segment.endsWith("...}");
                String name = segment.substring(1, segment.length() - (hasTail ? 4 : 1));
                variables.add(name);
                path.append("/{").append(name).append('}');
                shape.append("/{}");
            } else {
                path.append('/').append(segment);
                shape.append('/').append(segment);
            }
        }
        return new PathTemplate(path.toString(), shape.toString(), List.copyOf(variables), hasTail);
    }

    /** A name of an operation on that path, such as {@code getOrdersById}. */
    String operation(String method) {
        StringBuilder name = new StringBuilder(method);
        for (String segment : path.substring(1).split("/", -1)) {
            if (segment.startsWith("{")) {
                name.append("By");
            }
            for (String word : segment.split("[^A-Za-z0-9]+", -1)) {
                if (!word.isEmpty()) {
                    name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
                }
            }
        }
        return name.toString();
    }
}
