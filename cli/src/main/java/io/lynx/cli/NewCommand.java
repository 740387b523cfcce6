package io.lynx.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/** Writes a new project: {@code new NAME [--dir D] [--group G] [--package P] [--plugins A,B]}. */
final class NewCommand {
    /** What is allowed in names of Maven artifacts, images and Kubernetes objects alike. */
    private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
    private static final List<String> OPTIONS = List.of("--dir", "--group", "--package", "--plugins");

    private final Path directory;

    /** Creates a command that resolves relative paths against {@code directory}. */
    NewCommand(Path directory) {
        this.directory = directory;
    }

    /** Returns the text of {@code --help}. */
    String help() throws IOException {
        return """
            new NAME [--dir D] [--group G] [--package P] [--plugins A,B]
              writes a project that builds, runs and tests at once
              NAME       lower-case letters, digits and dashes: the artifact and the name of the service
              --dir      its folder, which must be empty or missing; default: NAME
              --group    the Maven group; default: com.example
              --package  the Java package; default: the group and the name
              --plugins  what the service uses, separated by commas; there are: %s
            example: new greeter --group org.acme --plugins micrometer\
            """.formatted(String.join(", ", ProjectTemplate.load().plugins()));
    }

    /**
     * Writes the project and returns what to tell the user.
     *
     * @throws UsageException if an argument is wrong; nothing has been written then
     */
    String run(List<String> arguments) throws IOException, UsageException {
        ProjectTemplate template = ProjectTemplate.load();
        NewProject project = parse(arguments, template.plugins());
        template.write(project);
        return """
            Created %1$s. It needs a JDK 25 in JAVA_HOME, and Lynx %2$s in a Maven repository.
              cd %1$s
              mvn verify   builds it and runs its tests
              ./run        starts it; then: curl localhost:8080/hello/Ada\
            """.formatted(project.folder(), ProjectTemplate.lynxVersion());
    }

    private NewProject parse(List<String> arguments, List<String> available) throws UsageException {
        List<String> problems = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Map<String, String> options = options(arguments, names, problems);
        String name = name(names, problems);
        String group = options.getOrDefault("--group", "com.example");
        if (!GROUP.matcher(group).matches()) {
            problems.add("--group: '" + group + "' is not a Maven group; write one such as com.example");
        }
        String packageName = packageName(options, group, name, problems);
        List<String> plugins = plugins(options, available, problems);
        Path folder = directory.resolve(options.getOrDefault("--dir", name)).normalize();
        if (problems.isEmpty()) {
            checkFolder(folder, problems);
        }
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return new NewProject(name, group, packageName, folder, plugins);
    }

    private static Map<String, String> options(List<String> arguments, List<String> names, List<String> problems) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                names.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (!OPTIONS.contains(option)) {
                problems.add("'" + argument + "' is not an option; there are: " + String.join(", ", OPTIONS));
            } else if (equals < 0 && i + 1 == arguments.size()) {
                problems.add(option + ": its value is missing");
            } else {
                String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
                if (value.isBlank()) {
                    problems.add(option + ": its value is empty");
                } else if (options.putIfAbsent(option, value) != null) {
                    problems.add(option + ": given twice");
                }
            }
        }
        return options;
    }

    private static String name(List<String> names, List<String> problems) {
        if (names.size() != 1) {
            problems.add(
                    names.isEmpty()
                            ? "the name of the project is missing"
                            : "one name is allowed, not " + names.size() + ": " + String.join(" ", names));
            return "service";
        }
        String name = names.getFirst();
        if (!NAME.matcher(name).matches()) {
            problems.add("'" + name + "' is not a name; lower-case letters, digits and dashes are allowed, at most 63, "
                    + "beginning with a letter and not ending with a dash");
        }
        return name;
    }

    private static String packageName(Map<String, String> options, String group, String name, List<String> problems) {
        String given = options.get("--package");
        String packageName = given == null ? group.replace('-', '_') + "." + name.replace("-", "") : given;
        // Problems of the group or the name are reported as theirs.
        if (given == null && !problems.isEmpty()) {
            return packageName;
        }
        if (!SourceVersion.isName(packageName)) {
            problems.add("--package: '" + packageName + "' is not the name of a Java package"
                    + (given == null ? "; choose another one" : "; write one such as com.example.greeter"));
        } else if (packageName.equals("java") || packageName.startsWith("java.")) {
            problems.add("--package: '" + packageName + "' belongs to the JDK; choose another one");
        }
        return packageName;
    }

    private static List<String> plugins(Map<String, String> options, List<String> available, List<String> problems) {
        String given = options.get("--plugins");
        if (given == null) {
            return List.of();
        }
        TreeSet<String> plugins = new TreeSet<>();
        for (String plugin : given.split(",", -1)) {
            if (available.contains(plugin.strip())) {
                plugins.add(plugin.strip());
            } else {
                problems.add("--plugins: '" + plugin.strip() + "' is not a plugin; there are: "
                        + String.join(", ", available));
            }
        }
        return List.copyOf(plugins);
    }

    private static void checkFolder(Path folder, List<String> problems) {
        if (Files.notExists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            problems.add("--dir: '" + folder + "' is a file; an empty or a missing folder is needed");
            return;
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
            if (content.iterator().hasNext()) {
                problems.add("--dir: '" + folder + "' is not empty; an empty or a missing folder is needed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
