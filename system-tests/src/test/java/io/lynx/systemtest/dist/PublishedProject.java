package io.lynx.systemtest.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of the project is published.
 *
 * @param version the version of every module
 * @param modules the modules that users can depend on
 * @param properties the properties of the root POM
 */
public record PublishedProject(String version, List<PublishedModule> modules, Map<String, String> properties) {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+)>([^<]*)</\\1>");
    private static final Pattern PARENT = Pattern.compile("<parent>.*?</parent>", Pattern.DOTALL);
    private static final String NOT_PUBLISHED = "<maven.deploy.skip>true</maven.deploy.skip>";

    /** Reads the POMs below the root, where {@code ./build verify} has packaged the modules. */
    public static PublishedProject read(Path root) throws IOException {
        return read(root, "target");
    }

    /**
     * Reads the POMs below the root.
     *
     * @param output the folder of each module that its build has written to, such as {@code target}
     */
    static PublishedProject read(Path root, String output) throws IOException {
        String pom = Files.readString(root.resolve("pom.xml"));
        String version = first(pom, "version");
        List<PublishedModule> modules = new ArrayList<>();
        for (MatchResult match : MODULE.matcher(pom).results().toList()) {
            Path folder = root.resolve(match.group(1));
            String modulePom = Files.readString(folder.resolve("pom.xml"));
            if (!modulePom.contains(NOT_PUBLISHED)) {
                String own = PARENT.matcher(modulePom).replaceFirst("");
                modules.add(new PublishedModule(
                        folder,
                        folder.resolve(output),
                        first(own, "artifactId"),
                        version,
                        own.contains("<packaging>pom</packaging>")));
            }
        }
        return new PublishedProject(version, List.copyOf(modules), properties(pom));
    }

    /** Returns the names of the artifacts. */
    public List<String> artifacts() {
        return modules.stream().map(PublishedModule::artifact).toList();
    }

    private static Map<String, String> properties(String pom) {
        Map<String, String> properties = new TreeMap<>();
        String section = pom.substring(pom.indexOf("<properties>"), pom.indexOf("</properties>"));
        PROPERTY.matcher(section).results().forEach(match -> properties.put(match.group(1), match.group(2)));
        return properties;
    }

    private static String first(String pom, String element) {
        Matcher matcher =
                Pattern.compile("<" + element + ">([^<]+)</" + element + ">").matcher(pom);
        if (!matcher.find()) {
            throw new DistException("a pom.xml has no <" + element + ">");
        }
        return matcher.group(1);
    }
}
