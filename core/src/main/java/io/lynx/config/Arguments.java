package io.lynx.config;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Layer.Flat.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Separates the configuration on the command line from the application's own arguments. */
final class Arguments {
    private final List<Pair> pairs = new ArrayList<>();
    private final List<String> rest = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private @Nullable String config;
    private @Nullable String profile;

    Arguments(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                rest.addAll(args.subList(i + 1, args.size()));
                return;
            }
            if (arg.equals("--config") || arg.equals("--profile")) {
                boolean hasValue = i + 1 < args.size() && !args.get(i + 1).startsWith("--");
                take(arg, hasValue ? args.get(++i) : "");
            } else {
                int equals = arg.indexOf('=');
                String name = equals < 0 ? arg : arg.substring(0, equals);
                if (isOption(name) && (equals >= 0 || name.startsWith("--lynx."))) {
                    take(name, equals < 0 ? null : arg.substring(equals + 1));
                } else {
                    warnOf(name);
                    rest.add(arg);
                }
            }
        }
    }

    /** Warns of an option that is unknown here: it may be meant for the application, or be misspelled. */
    private void warnOf(String name) {
        if (name.startsWith("--")) {
            String meant = Suggestions.closest(name, List.of("--config", "--profile"));
            warnings.add(name + ": not a configuration key, passed on to the application; "
                    + (meant == null ? "keys are written --section.key=VALUE" : "did you mean " + meant + "?"));
        }
    }

    private static boolean isOption(String name) {
        return name.equals("--config")
                || name.equals("--profile")
                || (name.startsWith("--") && name.indexOf('.') > 2 && !name.endsWith(".") && !name.contains(".."));
    }

    private void take(String name, @Nullable String value) {
        switch (name) {
            case "--config", "--lynx.config" -> config = required(name, "PATH", value);
            case "--profile", "--lynx.profile" -> profile = required(name, "NAME", value);
            default -> {
                if (value == null) {
                    problems.add(new ConfigProblem(name + ": no value; write " + name + "=VALUE"));
                } else {
                    pairs.add(new Pair(name.substring(2), value, Origin.of(name)));
                }
            }
        }
    }

    private @Nullable String required(String name, String what, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            problems.add(new ConfigProblem(name + ": no value; write " + name + "=" + what));
            return null;
        }
        return value;
    }

    @Nullable
    String config() {
        return config;
    }

    @Nullable
    String profile() {
        return profile;
    }

    List<Pair> pairs() {
        return pairs;
    }

    List<String> rest() {
        return rest;
    }

    List<String> warnings() {
        return warnings;
    }

    List<ConfigProblem> problems() {
        return problems;
    }
}
