package io.lynx.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the tests' class path, whose output is read line by line; killed when closed. */
final class ChildJvm implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String END = "\u0004";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(100_000);
    private final List<String> seen = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    static ChildJvm start(Class<?> main, String... jvmOptions) {
        return start(command(main, jvmOptions));
    }

    /** Started by {@code sh}, in whose script {@code "$@"} stands for the java command. */
    static ChildJvm startByShell(String script, Class<?> main, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        command.addAll(command(main, jvmOptions));
        return start(command);
    }

    private static List<String> command(Class<?> main, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.addAll(List.of(jvmOptions));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        return command;
    }

    private static ChildJvm start(List<String> command) {
        try {
            return new ChildJvm(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException closed) {
            // The process is gone or killed: the end of its output either way.
        } finally {
            lines.add(END);
        }
    }

    /** Waits for a line that contains {@code text}. */
    String await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError("no line with '" + text + "' before "
                        + (line == null ? "the deadline" : "the end of the output") + "; seen: " + seen);
            }
            seen.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
    }

    /** Sends a signal to the JVM itself. */
    void kill(String signal) throws Exception {
        run("kill", "-" + signal, Long.toString(pid()));
    }

    /** The JVM's process id; a shell that started it must have used {@code exec}, or printed it as {@code pid N}. */
    long pid() {
        return seen.stream()
                .filter(line -> line.startsWith("pid "))
                .mapToLong(line -> Long.parseLong(line.substring(4)))
                .findFirst()
                .orElse(process.pid());
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running; seen: " + seen);
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void writeLine(String line) throws IOException {
        process.outputWriter().append(line).append('\n').flush();
    }

    /** What is left of the output once the process has ended. */
    List<String> rest() throws InterruptedException {
        List<String> rest = new ArrayList<>();
        String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        while (line != null && !line.equals(END)) {
            rest.add(line);
            line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return rest;
    }

    static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + List.of(command));
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
