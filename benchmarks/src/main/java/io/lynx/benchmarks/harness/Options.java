package io.lynx.benchmarks.harness;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options of a harness, {@code --name value}. Immutable. */
public final class Options {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Options() {}

    /**
     * Parses the options.
     *
     * @param known the allowed names
     * @throws IllegalArgumentException if an option is unknown or has no value
     */
    public static Options of(String[] args, String... known) {
        Options options = new Options();
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!List.of(known).contains(name) || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        "option: '" + args[i] + "'; --" + String.join(", --", known) + ", each with a value");
            }
            options.values.put(name, args[i + 1]);
        }
        return options;
    }

    /** Returns the value of a numeric option. */
    public int number(String name, int fallback) {
        return Integer.parseInt(values.getOrDefault(name, String.valueOf(fallback)));
    }

    /**
     * Returns the value of an option that must be there.
     *
     * @throws IllegalArgumentException if it is absent
     */
    public String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("option: --" + name + " is required");
        }
        return value;
    }

    /** Returns the value of an option. */
    public String text(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    /** Returns whether the option {@code only} contains {@code item} or is absent. */
    public boolean includes(String item) {
        String only = values.get("only");
        return only == null || List.of(only.split(",")).contains(item);
    }
}
