package io.lynx.systemtest.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A module that users can depend on, as the build has left it.
 *
 * @param folder its folder
 * @param output the folder that its build has written to
 * @param artifact its artifact, such as {@code lynx-core}
 * @param version its version
 * @param isPom whether it has no jar
 */
record PublishedModule(Path folder, Path output, String artifact, String version, boolean isPom) {
    private static final List<String> CLASSIFIERS = List.of("", "-sources", "-javadoc");

    /** Returns the POM to publish: the one with versions filled in, or the POM of a module that needs nothing of the root. */
    Path pom() {
        Path flattened = output.resolve("flattened-pom.xml");
        return Files.exists(flattened) ? flattened : folder.resolve("pom.xml");
    }

    /** Returns the jars that the build has made, by their names in a repository. */
    Map<String, Path> jars() throws IOException {
        Map<String, Path> jars = new TreeMap<>();
        if (isPom) {
            return jars;
        }
        for (String classifier : CLASSIFIERS) {
            String name = artifact + "-" + version + classifier + ".jar";
            Path jar = output.resolve(name);
            if (Files.exists(jar)) {
                jars.put(name, jar);
            } else if (classifier.isEmpty()) {
                throw new DistException(artifact + ": " + jar + " does not exist; package the module first");
            }
        }
        return jars;
    }
}
