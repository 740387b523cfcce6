package io.lynx.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The command's arguments: options with a value, some of which can be repeated, and {@code --no-aot}. */
final class ImageArguments {
    private static final Set<String> SINGLE =
            Set.of("--jar", "--service", "--class-path", "--main", "--name", "--out", "--base", "--work");
    private static final Set<String> REPEATED = Set.of("--add-modules", "--omit-modules", "--train", "--training-env");
    private static final String NO_AOT = "--no-aot";

    private final Path directory;
    private final Map<String, List<String>> values;
    private final boolean hasCache;

    private ImageArguments(Path directory, Map<String, List<String>> values, boolean hasCache) {
        this.directory = directory;
        this.values = values;
        this.hasCache = hasCache;
    }

    /** Reads the arguments; relative paths belong to {@code directory}. */
    static ImageArguments parse(List<String> arguments, Path directory) throws ImageException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        boolean hasCache = true;
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.equals(NO_AOT)) {
                hasCache = false;
                continue;
            }
            if (!SINGLE.contains(option) && !REPEATED.contains(option)) {
                throw new ImageException("'" + option + "' is not an option; './build image --help' lists them");
            }
            if (i + 1 == arguments.size()) {
                throw new ImageException(option + ": its value is missing");
            }
            List<String> given = values.computeIfAbsent(option, _ -> new ArrayList<>());
            given.add(arguments.get(++i));
            if (given.size() > 1 && SINGLE.contains(option)) {
                throw new ImageException(option + ": given twice");
            }
        }
        return new ImageArguments(directory, values, hasCache);
    }

    /** Returns whether the image gets an AOT cache. */
    boolean hasCache() {
        return hasCache;
    }

    /** Returns the value of an option, or null. */
    @Nullable
    String value(String option) {
        List<String> given = values.get(option);
        return given == null ? null : given.getFirst();
    }

    /** Returns the value of an option as a path, or else the default. */
    Path path(String option, String otherwise) {
        String given = value(option);
        return directory
                .resolve(given == null ? otherwise : given)
                .toAbsolutePath()
                .normalize();
    }

    /** Returns the values of an option that can be repeated, in the given order. */
    List<String> all(String option) {
        return values.getOrDefault(option, List.of());
    }

    /** Returns the names that an option lists, separated by commas. */
    Set<String> names(String option) {
        Set<String> names = new TreeSet<>();
        all(option).forEach(list -> names.addAll(List.of(list.split(",", -1))));
        names.remove("");
        return names;
    }

    /** Returns the variables of the training run. */
    Map<String, String> variables() throws ImageException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : all("--training-env")) {
            int equals = variable.indexOf('=');
            if (equals < 1) {
                throw new ImageException("--training-env: '" + variable + "' is not of the form NAME=VALUE");
            }
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return variables;
    }

    /** Returns the service that the arguments describe. */
    PackagedService service() throws IOException, ImageException {
        if (value("--jar") != null) {
            return PackagedService.inFolder(path("--jar", ""));
        }
        String main = value("--main");
        String classPath = value("--class-path");
        if (value("--service") == null || main == null || classPath == null) {
            throw new ImageException("name a service: --jar DIR, the folder with its jar and lib/");
        }
        List<Path> libraries = new ArrayList<>();
        for (String library : classPath.split(":", -1)) {
            if (!library.isEmpty()) {
                libraries.add(directory.resolve(library));
            }
        }
        return PackagedService.of(main, path("--service", ""), libraries);
    }
}
