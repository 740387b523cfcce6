package io.lynx.systemtest.extension;

import io.lynx.extension.ExtensionPoint;
import io.lynx.systemtest.house.ProjectFiles;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types that the modules of the framework export to users, found in the sources and loaded. */
final class FrameworkTypes {
    private static final String SOURCES = "src/main/java";
    private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");

    /** A plugin that starts as soon as it is on the class path, and needs a library there; it exports nothing but itself. */
    private static final String NOT_ON_THE_CLASS_PATH = "plugins/validation";

    private final List<Class<?>> types;

    private FrameworkTypes(List<Class<?>> types) {
        this.types = types;
    }

    /** Loads the public types of every package that is exported to all. */
    static FrameworkTypes load() throws IOException, ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        for (Path module : ProjectFiles.modules()) {
            if (module.endsWith(NOT_ON_THE_CLASS_PATH)) {
                continue;
            }
            Path sources = module.resolve(SOURCES);
            for (String exported : exports(sources.resolve("module-info.java"))) {
                for (Path file : files(sources.resolve(exported.replace('.', '/')))) {
                    String name = file.getFileName().toString().replace(".java", "");
                    add(types, Class.forName(exported + "." + name, false, FrameworkTypes.class.getClassLoader()));
                }
            }
        }
        return new FrameworkTypes(types);
    }

    /** A program, such as the command line, is no module and exports nothing. */
    private static List<String> exports(Path moduleInfo) throws IOException {
        if (!Files.exists(moduleInfo)) {
            return List.of();
        }
        return EXPORTS.matcher(Files.readString(moduleInfo))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }
    }

    private static void add(List<Class<?>> types, Class<?> type) {
        if (Modifier.isPublic(type.getModifiers())) {
            types.add(type);
            for (Class<?> nested : type.getDeclaredClasses()) {
                add(types, nested);
            }
        }
    }

    List<Class<?>> all() {
        return types;
    }

    /** Returns the types that are marked as extension points. */
    Set<Class<?>> extensionPoints() {
        return types.stream()
                .filter(type -> type.isAnnotationPresent(ExtensionPoint.class))
                .collect(Collectors.toSet());
    }

    /**
     * Returns the types that users can implement and give to the framework: interfaces and abstract classes that are not sealed, and
     * that are a parameter of a public method or constructor, other than one that the framework itself calls.
     *
     * @return each with a method that takes it
     */
    Map<String, String> implementable() {
        Map<String, String> found = new TreeMap<>();
        Set<Class<?>> exported = new HashSet<>(types);
        for (Class<?> owner : types) {
            if (owner.isAnnotationPresent(ExtensionPoint.class)) {
                continue;
            }
            for (Executable taking : executables(owner)) {
                for (Class<?> parameter : taking.getParameterTypes()) {
                    Class<?> type = parameter.isArray() ? parameter.getComponentType() : parameter;
                    if (exported.contains(type) && isImplementable(type)) {
                        found.putIfAbsent(type.getName(), owner.getSimpleName() + "." + taking.getName());
                    }
                }
            }
        }
        return found;
    }

    private static List<Executable> executables(Class<?> owner) {
        return Stream.<Executable>concat(
                        Stream.of(owner.getDeclaredMethods()).filter(method -> !method.isSynthetic()),
                        Stream.of(owner.getDeclaredConstructors()))
                .filter(executable -> Modifier.isPublic(executable.getModifiers()))
                .toList();
    }

    private static boolean isImplementable(Class<?> type) {
        return (type.isInterface() || Modifier.isAbstract(type.getModifiers()))
                && !type.isSealed()
                && !type.isAnnotation()
                && !type.isPrimitive();
    }

    /** Returns the class files of the framework, other than that of {@code type}, that refer to it. */
    static List<Path> callers(Class<?> type, Collection<String> modules) throws IOException {
        List<Path> callers = new ArrayList<>();
        for (String module : modules) {
            try (Stream<Path> files =
                    Files.walk(ProjectFiles.ROOT.resolve(module).resolve(SOURCES))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    if (!file.endsWith(type.getSimpleName() + ".java")
                            && Files.readString(file).contains("import " + type.getName() + ";")) {
                        callers.add(file);
                    }
                }
            }
        }
        return callers;
    }
}
