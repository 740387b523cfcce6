package io.lynx.http.engine.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A path with variables, such as {@code /orders/{id}}; {@code Routes} describes its form. */
public record Template(String text, List<Segment> segments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** A part between slashes. */
    sealed interface Segment {
        record Literal(String text) implements Segment {}

        record Variable(String name) implements Segment {}

        record Tail(String name) implements Segment {}
    }

    /**
     * Parses {@code text}.
     *
     * @throws IllegalArgumentException if it is not a template
     */
    public static Template of(String text) {
        if (!text.startsWith("/")) {
            throw illegal(text, "a template begins with a slash");
        }
        List<Segment> segments = new ArrayList<>();
        List<String> names = new ArrayList<>();
        String[] parts = text.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            segments.add(segment(text, parts[i], last, names));
        }
        return new Template(text, List.copyOf(segments));
    }

    /** The names of the variables, in their order. */
    public List<String> variables() {
        List<String> names = new ArrayList<>();
        for (Segment segment : segments) {
            switch (segment) {
                case Segment.Literal _ -> {}
                case Segment.Variable variable -> names.add(variable.name());
                case Segment.Tail tail -> names.add(tail.name());
            }
        }
        return List.copyOf(names);
    }

    @Override
    public String toString() {
        return text;
    }

    private static Segment segment(String text, String part, boolean last, List<String> names) {
        if (!part.contains("{") && !part.contains("}")) {
            if (part.isEmpty() && !last) {
                throw illegal(text, "a segment is not empty");
            }
            if (part.equals(".") || part.equals("..")) {
                throw illegal(text, "segments '.' and '..' are not allowed");
            }
            return new Segment.Literal(part);
        }
        if (!part.startsWith("{") || !part.endsWith("}")) {
            throw illegal(text, "a variable is a whole segment, such as /orders/{id}");
        }
        boolean tail = part.endsWith("...}");
        String name = part.substring(1, part.length() - (tail ? 4 : 1));
        if (!NAME.matcher(name).matches()) {
            throw illegal(text, "the name of a variable has letters, digits and '_'");
        }
        if (names.contains(name)) {
            throw illegal(text, "the variable " + name + " occurs twice");
        }
        names.add(name);
        if (tail && !last) {
            throw illegal(text, "a tail is the last segment");
        }
        return tail ? new Segment.Tail(name) : new Segment.Variable(name);
    }

    private static IllegalArgumentException illegal(String text, String allowed) {
        return new IllegalArgumentException("route template: '" + text + "'; " + allowed);
    }
}
