package io.lynx.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A service as the build has packaged it, and its places in the image.
 *
 * @param name the name of the jar without its ending
 * @param mainClass the class that is started
 * @param jar the jar of the service
 * @param libraries the jars that it needs, in the order of the class path
 * @param configuration the files of its folder that belong to the image: {@code config*.yml}
 */
record PackagedService(String name, String mainClass, Path jar, List<Path> libraries, List<Path> configuration) {
    /** The working directory in the image. */
    static final String HOME = "/app";

    private static final String RUNTIME = "/opt/java";

    /** Creates one from a folder with the layout of {@code lynx-parent}: a jar with a main class, and its libraries in lib/. */
    static PackagedService inFolder(Path folder) throws IOException, ImageException {
        if (!Files.isDirectory(folder)) {
            throw new ImageException(
                    "--jar: '" + folder + "' is not a folder; name the one with the jar and lib/, such as target");
        }
        List<Path> found = new ArrayList<>();
        for (Path jar : FileTrees.list(folder, file -> FileTrees.name(file).endsWith(".jar"))) {
            if (attribute(jar, Attributes.Name.MAIN_CLASS) != null) {
                found.add(jar);
            }
        }
        if (found.size() != 1) {
            throw new ImageException("--jar: '" + folder + "' has " + found.size()
                    + " jars with a Main-Class in their manifest; exactly one is needed");
        }
        Path jar = found.getFirst();
        List<Path> libraries = new ArrayList<>();
        String classPath = attribute(jar, Attributes.Name.CLASS_PATH);
        for (String entry : (classPath == null ? "" : classPath).split(" ", -1)) {
            Path library = folder.resolve(entry);
            if (!entry.isEmpty() && !Files.isRegularFile(library)) {
                throw new ImageException(
                        "--jar: '" + library + "' does not exist; the manifest of " + jar + " names it");
            }
            if (!entry.isEmpty()) {
                libraries.add(library);
            }
        }
        String main = attribute(jar, Attributes.Name.MAIN_CLASS);
        return of(main == null ? "" : main, jar, libraries);
    }

    /** Creates one of a jar and its class path. Files {@code config*.yml} beside the jar become part of it. */
    static PackagedService of(String mainClass, Path jar, List<Path> libraries) throws IOException {
        List<Path> configuration = FileTrees.list(
                FileTrees.parent(jar),
                file -> FileTrees.name(file).startsWith("config")
                        && FileTrees.name(file).endsWith(".yml"));
        String name = FileTrees.name(jar).replaceFirst("(-[0-9][^/]*)?\\.jar$", "");
        return new PackagedService(name, mainClass, jar, List.copyOf(libraries), configuration);
    }

    private static @Nullable String attribute(Path jar, Attributes.Name name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes().getValue(name);
        }
    }

    /** Returns the place of the service's jar in the image. */
    String jarInImage() {
        return HOME + "/" + name + ".jar";
    }

    /** Returns the place of the AOT cache in the image. */
    String cacheInImage() {
        return HOME + "/" + name + ".aot";
    }

    /** Returns the place of a library in the image. */
    static String libraryInImage(Path library) {
        return HOME + "/lib/" + FileTrees.name(library);
    }

    /** Returns the place of the linked runtime in the image. */
    static String runtimeInImage() {
        return RUNTIME;
    }

    /** Returns the command that starts the service in the image, with flags of the JVM added. */
    List<String> command(List<String> flags) {
        List<String> command = new ArrayList<>(List.of(
                RUNTIME + "/bin/java",
                // Ends the process on an OutOfMemoryError that no Java code handles.
                "-XX:+ExitOnOutOfMemoryError",
                // The folder is not writable unless an operator mounts a volume there.
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=/dumps",
                "--enable-native-access=ALL-UNNAMED",
                // Lets Netty use sun.misc.Unsafe, which is faster than what it uses otherwise.
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(flags);
        command.add("-cp");
        StringBuilder classPath = new StringBuilder(jarInImage());
        libraries.forEach(library -> classPath.append(':').append(libraryInImage(library)));
        command.add(classPath.toString());
        command.add(mainClass);
        return command;
    }
}
