package io.lynx.systemtest.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One resolved dependency of the build.
 *
 * @param name the group and the artifact, separated by a colon, as advisories write it
 * @param version the resolved version
 */
record Dependency(String name, String version) {
    /** A line of {@code dependency:list}: group, artifact, type, an optional classifier, version, scope. */
    private static final Pattern LINE = Pattern.compile("\\s*([^:\\s]+):([^:\\s]+):[^:\\s]+(?::[^:\\s]+)??:([^:\\s]+):"
            + "(?:compile|runtime|test|provided|system)(?:\\s.*)?");

    private static final Pattern COLOR = Pattern.compile("\u001B\\[[;\\d]*m");

    /**
     * Reads the output file of {@code dependency:list}.
     *
     * @throws AuditException if it cannot be read
     */
    static List<Dependency> read(Path list) {
        List<Dependency> dependencies = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(list)) {
                Matcher parts = LINE.matcher(COLOR.matcher(line).replaceAll(""));
                if (parts.matches()) {
                    dependencies.add(new Dependency(parts.group(1) + ":" + parts.group(2), parts.group(3)));
                }
            }
        } catch (IOException e) {
            throw new AuditException(list + ": the list of dependencies cannot be read: " + e);
        }
        return dependencies;
    }

    @Override
    public String toString() {
        return name + ":" + version;
    }
}
