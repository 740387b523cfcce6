package io.lynx.systemtest.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service that runs as a process of its own. Every wait has a bound and fails with all that the process wrote;
 * {@link #close} ends the process whatever state it is in. Thread-safe.
 */
public final class ServiceProcess implements AutoCloseable {
    /** More than any wait for a healthy child takes, even on a machine with much else to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * How it ended.
     *
     * @param code its exit code; 128 and the number of the signal if it was killed by one
     * @param nanos when that was noticed, on {@link System#nanoTime}
     */
    public record Exit(int code, long nanos) {
        /** How long after {@code nanos} it ended. */
        public Duration since(long nanos) {
            return Duration.ofNanos(this.nanos - nanos);
        }
    }

    private final Process process;
    private final Wrapper wrapper;
    private final Path directory;
    private final Output output = new Output();
    private final long startedNanos = System.nanoTime();
    private final CompletableFuture<Exit> exit;

    ServiceProcess(Process process, Wrapper wrapper, Path directory) {
        this.process = process;
        this.wrapper = wrapper;
        this.directory = directory;
        this.exit = process.onExit().thenApply(ended -> new Exit(ended.exitValue(), System.nanoTime()));
        output.read(process.getInputStream(), false, "stdout-" + process.pid());
        output.read(process.getErrorStream(), true, "stderr-" + process.pid());
    }

    /** What it has written. */
    public Output output() {
        return output;
    }

    /** Its working directory. */
    public Path directory() {
        return directory;
    }

    /** When it was started, on {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The JVM's process id; that of a background job is known once the shell has said it. */
    public long pid() throws InterruptedException {
        if (wrapper != Wrapper.BACKGROUND) {
            return process.pid();
        }
        String line = awaitLine(Wrapper.PID_LINE).text();
        return Long.parseLong(line.substring(Wrapper.PID_LINE.length()).strip());
    }

    /**
     * Sends a signal to the JVM.
     *
     * @return when that was, on {@link System#nanoTime}
     */
    public long signal(Signal signal) throws InterruptedException {
        long pid = pid();
        if (!process.isAlive()) {
            throw failure("gone before " + signal + " could be sent");
        }
        long now = System.nanoTime();
        boolean _ = signal.sendTo(pid);
        return now;
    }

    /** Sends a signal to the JVM if it has not ended yet. */
    public void signalIfAlive(Signal signal) throws InterruptedException {
        long pid = pid();
        if (process.isAlive()) {
            boolean _ = signal.sendTo(pid);
        }
    }

    /** Sends a signal to each process of its group, as a terminal does. It leads a group if {@code setsid} has started it. */
    public void signalGroup(Signal signal) {
        if (!signal.sendToGroup(process.pid())) {
            throw failure("no group that " + signal + " could be sent to");
        }
    }

    /** Types a line into its standard input. */
    public void type(String line) throws IOException {
        OutputStream out = process.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for a line with {@code part} in it. */
    public Output.Line awaitLine(String part) throws InterruptedException {
        return awaitLine(part, PATIENCE);
    }

    /** Waits for a line with {@code part} in it. */
    public Output.Line awaitLine(String part, Duration atMost) throws InterruptedException {
        Optional<Output.Line> line = output.await(text -> text.contains(part), atMost);
        if (line.isEmpty() && output.hasEnded()) {
            // The end of the output is seen a little before that of the process.
            boolean _ = process.waitFor(1, TimeUnit.SECONDS);
        }
        return line.orElseThrow(() -> failure("no line with '" + part + "' within " + atMost));
    }

    /** Waits for the end, and until all output has been read. */
    public Exit awaitExit() throws InterruptedException {
        return awaitExit(PATIENCE);
    }

    /** Waits for the end, and until all output has been read. */
    public Exit awaitExit(Duration atMost) throws InterruptedException {
        try {
            Exit ended = exit.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            if (!output.awaitEnd(PATIENCE)) {
                throw failure("its output did not end with it: somebody it started still lives");
            }
            return ended;
        } catch (TimeoutException e) {
            throw failure("still there after " + atMost);
        } catch (ExecutionException e) {
            throw new AssertionError("the end of " + process.pid() + " cannot be waited for", e);
        }
    }

    /** Whether it has ended within that time. */
    public boolean hasExited(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** An assertion's failure that shows everything the process wrote. */
    public AssertionError failure(String what) {
        String state = process.isAlive() ? "alive" : "exited with " + process.exitValue();
        return new AssertionError(
                "process " + process.pid() + " (" + wrapper + ", " + state + "): " + what + "\n" + output.text());
    }

    /** Ends it and what it started, by force, and removes its directory. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw failure("survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(directory);
    }
}
