package io.lynx.systemtest.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Checks that a repository folder has all that a public release needs. */
final class ReleaseCheck {
    private static final List<String> ELEMENTS = List.of("name", "description", "url", "licenses", "developers", "scm");

    private final Path folder;

    ReleaseCheck(Path folder) {
        this.folder = folder;
    }

    /** Returns every problem. */
    List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (Checksum.isOne(file) || Signer.isOne(file)) {
                continue;
            }
            checkChecksums(file, problems);
            if (file.toString().endsWith(".pom")) {
                checkPom(file, problems);
            } else {
                checkJar(file, problems);
            }
        }
        if (files.isEmpty()) {
            problems.add(folder + ": is empty");
        }
        return problems;
    }

    private static void checkChecksums(Path file, List<String> problems) throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (Checksum checksum : Checksum.values()) {
            Path beside = checksum.beside(file);
            if (Files.notExists(beside)) {
                problems.add(beside.getFileName() + ": missing");
            } else if (!Files.readString(beside).equals(checksum.of(content))) {
                problems.add(beside.getFileName() + ": is not the checksum of the file");
            }
        }
    }

    private static void checkPom(Path pom, List<String> problems) throws IOException {
        String text = Files.readString(pom);
        for (String element : ELEMENTS) {
            // At the top level, which is indented by one step.
            if (!text.matches("(?s).*\\n(  |    |\\t)<" + element + ">.*")) {
                problems.add(pom.getFileName() + ": <" + element + "> is missing");
            }
        }
        if (text.contains("-SNAPSHOT")) {
            problems.add(pom.getFileName() + ": names a snapshot");
        }
        if (!text.contains("<packaging>pom</packaging>")) {
            String base = pom.getFileName().toString().replaceFirst("\\.pom$", "");
            for (String jar : List.of(base + ".jar", base + "-sources.jar", base + "-javadoc.jar")) {
                if (Files.notExists(pom.resolveSibling(jar))) {
                    problems.add(jar + ": missing");
                }
            }
        }
    }

    private static void checkJar(Path jar, List<String> problems) {
        String needed = jar.toString().endsWith("-sources.jar")
                ? ".java"
                : jar.toString().endsWith("-javadoc.jar") ? "index.html" : ".class";
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.stream().noneMatch(entry -> entry.getName().endsWith(needed))) {
                problems.add(jar.getFileName() + ": contains no " + needed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(jar.toString(), e);
        }
    }
}
