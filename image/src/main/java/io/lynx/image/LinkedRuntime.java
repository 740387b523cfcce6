package io.lynx.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A Java runtime that has only the modules that a service uses, linked from the JDK that runs this program. */
final class LinkedRuntime {
    /** What no class file refers to: flight recordings, memory figures, fast buffers, elliptic curves and {@code jcmd}. */
    private static final List<String> ALWAYS =
            List.of("jdk.jfr", "jdk.management", "jdk.unsupported", "jdk.crypto.ec", "jdk.jcmd");

    private LinkedRuntime() {}

    /** Returns the modules that the service needs: those that its class files refer to, and those added, without those omitted. */
    static Set<String> modules(PackagedService service, Set<String> added, Set<String> omitted) throws IOException {
        List<Path> jars = new ArrayList<>(service.libraries());
        jars.add(service.jar());
        Set<String> modules = ModuleScan.of(jars);
        modules.addAll(ALWAYS);
        modules.addAll(added);
        modules.removeAll(omitted);
        return modules;
    }

    /** Links the runtime into the folder {@code runtime} of {@code work}, unless the same one is there already. */
    static Path link(Set<String> modules, Path work) throws IOException, ImageException, InterruptedException {
        String home = Objects.requireNonNull(System.getProperty("java.home"));
        Path runtime = work.resolve("runtime");
        Path stamp = work.resolve("runtime.txt");
        String content = Runtime.version() + " " + home + " " + String.join(",", modules);
        if (Files.exists(stamp) && Files.readString(stamp).equals(content)) {
            return runtime;
        }
        FileTrees.delete(stamp);
        FileTrees.delete(runtime);
        ExternalProgram.run(
                work,
                List.of(
                        Path.of(home, "bin", "jlink").toString(),
                        "--add-modules",
                        String.join(",", modules),
                        "--strip-debug",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        runtime.toString()));
        Files.writeString(stamp, content);
        return runtime;
    }
}
