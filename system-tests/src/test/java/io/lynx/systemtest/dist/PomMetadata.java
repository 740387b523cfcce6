package io.lynx.systemtest.dist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What public repositories demand in a POM and the sources do not contain: where the project is and who makes it. Empty values are
 * missing ones.
 *
 * @param url the address of the project's page
 * @param scm the address of its repository
 * @param developer the name of its developer, with or without a mail address: {@code Ada Lovelace <ada@example.org>}
 */
record PomMetadata(String url, String scm, String developer) {
    private static final Pattern DEVELOPER = Pattern.compile("([^<]*)(?:<([^>]+)>)?");

    /** Reads it from properties of the command line, or else from those of the root POM. */
    static PomMetadata of(Map<String, String> given, Map<String, String> properties) {
        return new PomMetadata(
                value("project.url", given, properties),
                value("project.scm", given, properties),
                value("project.developer", given, properties));
    }

    private static String value(String name, Map<String, String> given, Map<String, String> properties) {
        return given.getOrDefault(name, properties.getOrDefault(name, "")).strip();
    }

    /** Returns a sentence for each value that is missing. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (url.isEmpty()) {
            missing.add(
                    "project.url: missing; give the project's page by -Dproject.url=URL or as a property of the root"
                            + " pom.xml");
        }
        if (scm.isEmpty()) {
            missing.add("project.scm: missing; give the source repository by -Dproject.scm=URL or as a property of the"
                    + " root pom.xml");
        }
        if (developer.isEmpty()) {
            missing.add("project.developer: missing; give the developer by -Dproject.developer='NAME <MAIL>' or as a"
                    + " property of the root pom.xml");
        }
        return missing;
    }

    /** Returns the POM with what is known. */
    String addTo(String pom) {
        StringBuilder added = new StringBuilder();
        if (!url.isEmpty()) {
            added.append("  <url>").append(escaped(url)).append("</url>\n");
        }
        if (!developer.isEmpty()) {
            added.append("  <developers>\n    <developer>\n")
                    .append(developerElements())
                    .append("    </developer>\n  </developers>\n");
        }
        if (!scm.isEmpty()) {
            added.append("  <scm>\n    <url>")
                    .append(escaped(scm))
                    .append("</url>\n    <connection>scm:git:")
                    .append(escaped(scm))
                    .append("</connection>\n    <developerConnection>scm:git:")
                    .append(escaped(scm))
                    .append("</developerConnection>\n  </scm>\n");
        }
        int end = pom.lastIndexOf("</project>");
        return pom.substring(0, end) + added + pom.substring(end);
    }

    private String developerElements() {
        Matcher parts = DEVELOPER.matcher(developer);
        if (!parts.matches()) {
            throw new DistException("project.developer: '" + developer + "' is not of the form NAME <MAIL>");
        }
        String name = "      <name>" + escaped(parts.group(1).strip()) + "</name>\n";
        return parts.group(2) == null ? name : name + "      <email>" + escaped(parts.group(2)) + "</email>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
