package io.lynx.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The process of an {@link ExternalServer}, with the processes that it starts, and the folder of its files. What it prints is in the file
 * {@code server.log} there. Used by one thread.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private @Nullable Process process;

    /** Something that fails until the server answers. */
    @FunctionalInterface
    public interface Attempt {
        /** Tries once. */
        void run() throws Exception;
    }

    /**
     * Starts nothing yet.
     *
     * @param folder is deleted by {@link #close}
     */
    public ServerProcess(Path folder) {
        this.folder = folder;
    }

    /** Returns the file with what the server prints. */
    public Path log() {
        return folder.resolve("server.log");
    }

    /** Returns whether the server runs, or is frozen. */
    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /**
     * Starts the server, and returns when it answers.
     *
     * @param command starts it
     * @param answers fails until the server answers
     * @throws AssertionError if it does not answer within a minute, or ends; the message has what it printed
     */
    public void start(ProcessBuilder command, Attempt answers) throws IOException {
        Process started = command.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process = started;
        try {
            Await.asserted("the server answers", PATIENCE, () -> {
                if (!started.isAlive()) {
                    throw new IllegalStateException("the server has ended: " + started.exitValue());
                }
                answers.run();
            });
        } catch (AssertionError failure) {
            throw new AssertionError(failure.getMessage() + ": " + Files.readString(log()), failure);
        }
    }

    private List<ProcessHandle> all() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return List.of();
        }
        List<ProcessHandle> all = new ArrayList<>(List.of(running.toHandle()));
        all.addAll(running.descendants().toList());
        return all;
    }

    /** Ends the server as its operator does, and waits for it. */
    public void terminate() throws InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            running.destroy();
            boolean _ = running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Ends the processes at once (SIGKILL), and waits for them. */
    public void kill() throws InterruptedException {
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            Await.until("process " + each.pid() + " has ended", PATIENCE, () -> !each.isAlive());
        }
    }

    /** Suspends the processes (SIGSTOP). */
    public void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets suspended processes go on (SIGCONT). */
    public void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        all().forEach(each -> command.add(Long.toString(each.pid())));
        if (command.size() > 2) {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean _ = kill.waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Ends the server and deletes the folder. */
    @Override
    public void close() throws InterruptedException {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                boolean _ = Files.deleteIfExists(file);
            }
        } catch (IOException busy) {
            // The system deletes its temporary files.
        }
    }
}
