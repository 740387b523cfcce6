package io.lynx.jdbc.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The programs of an installed PostgreSQL. Immutable.
 *
 * @param folder where they are
 * @param needsOtherUser whether this process is root's, as which PostgreSQL refuses to run
 */
record PostgresPrograms(Path folder, boolean needsOtherUser) {
    private static final String PROPERTY = "lynx.test.postgres";
    private static final long LONGEST_SECONDS = 60;

    /**
     * Finds the programs: in the folder that the system property {@value #PROPERTY} names, or where Debian and others install them.
     *
     * @throws IllegalStateException if there are none
     */
    static PostgresPrograms find() throws IOException {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        List<Path> candidates = new ArrayList<>();
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            candidates.add(Path.of(chosen));
        }
        candidates.addAll(versions(Path.of("/usr/lib/postgresql"), "bin"));
        candidates.addAll(versions(Path.of("/opt/homebrew/opt"), "bin"));
        candidates.addAll(versions(Path.of("/usr"), "bin"));
        candidates.add(Path.of("/usr/bin"));
        candidates.add(Path.of("/usr/local/bin"));
        for (Path candidate : candidates) {
            if (Files.isExecutable(candidate.resolve("initdb")) && Files.isExecutable(candidate.resolve("postgres"))) {
                return new PostgresPrograms(candidate, isRoot);
            }
        }
        throw new IllegalStateException("PostgreSQL is not installed: no initdb in " + candidates
                + "; install it (on Debian: apt-get install postgresql), or set -D" + PROPERTY
                + " to the folder of its programs");
    }

    /** Debian keeps the programs in a folder of their version; the newest comes first. */
    private static List<Path> versions(Path parent, String below) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(each -> each.getFileName().toString().matches("(postgresql@|pgsql-)?\\d+"))
                    .sorted(Comparator.comparingInt(PostgresPrograms::number).reversed())
                    .map(each -> each.resolve(below))
                    .toList();
        }
    }

    private static int number(Path folder) {
        return Integer.parseInt(folder.getFileName().toString().replaceAll("\\D", ""));
    }

    private ProcessBuilder command(Path work, String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (needsOtherUser) {
            command.addAll(List.of(
                    "setpriv", "--reuid=" + PostgresServer.USER, "--regid=" + PostgresServer.USER, "--clear-groups"));
        }
        command.add(folder.resolve(program).toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        work.resolve("server.log").toFile()));
        builder.environment().put("LC_ALL", "C.UTF-8");
        return builder;
    }

    /** Runs a program to its end. */
    void run(Path work, String program, String... arguments) throws IOException, InterruptedException {
        Process process = command(work, program, arguments).start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            Process _ = process.destroyForcibly();
            throw new IllegalStateException(program + " failed: " + Files.readString(work.resolve("server.log")));
        }
    }

    /** Starts a program and returns at once. */
    Process start(Path work, String program, String... arguments) throws IOException {
        return command(work, program, arguments).start();
    }
}
