package io.lynx.benchmarks.harness;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A running {@link Program}. Every wait is bounded; its failure contains the output of the process. Not thread-safe. */
public final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final File DIRECTORY = directory();

    /**
     * A line of output.
     *
     * @param nanos when it was read, on {@link System#nanoTime}
     */
    public record Line(long nanos, String text) {}

    private final Program program;
    private final int port;
    private final long startedNanos;
    private final Process process;
    private final CompletableFuture<Long> goneNanos;
    /** The lines that were read; their number is bounded by what a measured run writes. */
    private final BlockingQueue<Line> unread = new LinkedBlockingQueue<>(100_000);

    private final List<Line> lines = new ArrayList<>();

    private Child(Program program, List<String> prefix, List<String> options) {
        this.program = program;
        this.port = freePort();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(program.command(options, port));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(DIRECTORY).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("LYNX_") || name.startsWith("KUBERNETES_") || name.endsWith("JAVA_OPTIONS"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().put("PORT", String.valueOf(port));
        this.startedNanos = System.nanoTime();
        try {
            this.process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.goneNanos = process.onExit().thenApply(_ -> System.nanoTime());
        Thread.ofPlatform().daemon().name("output-" + process.pid()).start(this::read);
    }

    /** Starts a program with further options of the JVM. */
    public static Child start(Program program, String... options) {
        return new Child(program, List.of(), List.of(options));
    }

    /** Starts a program on one processor, with further options of the JVM. */
    public static Child startOn(int processor, Program program, String... options) {
        return new Child(program, List.of("taskset", "-c", String.valueOf(processor)), List.of(options));
    }

    private static File directory() {
        try {
            File made = Files.createTempDirectory("lynx-bench-").toFile();
            made.deleteOnExit();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                boolean _ = unread.offer(new Line(System.nanoTime(), line));
            }
        } catch (IOException _) {
            // The process has been ended by force.
        }
    }

    /** Returns the port that it was given. */
    public int port() {
        return port;
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns when it was started, on {@link System#nanoTime}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Waits for the next line that contains {@code part}. */
    public Line awaitLine(String part) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            boolean alive = process.isAlive();
            Line next = unread.poll(200, TimeUnit.MILLISECONDS);
            if (next != null) {
                lines.add(next);
                if (next.text().contains(part)) {
                    return next;
                }
            } else if (!alive) {
                break;
            }
        }
        throw failure("no line with '" + part + "'");
    }

    /**
     * Requests {@code path} until the status is 200.
     *
     * @return when that answer arrived, on {@link System#nanoTime}
     */
    public long awaitAnswer(String path) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw failure("ended before it answered");
            }
            if (status(path) == 200) {
                return System.nanoTime();
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw failure("did not answer " + path);
    }

    /** Returns the status of an answer on a new connection; 0 if there is no answer. */
    public int status(String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] head = socket.getInputStream().readNBytes(12);
            return head.length < 12 ? 0 : Integer.parseInt(new String(head, 9, 3, StandardCharsets.US_ASCII));
        } catch (IOException _) {
            return 0;
        }
    }

    /** Returns its resident memory in MB (10⁶ bytes). */
    public double residentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
            }
        }
        throw failure("has no VmRSS");
    }

    /** Returns the processor time that it has used. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow(() -> failure("has no processor time"));
    }

    /**
     * Sends SIGTERM.
     *
     * @return when, on {@link System#nanoTime}
     */
    public long terminate() {
        // Not process.destroy(), which closes the stream of its last lines.
        ProcessHandle handle = process.toHandle();
        long now = System.nanoTime();
        boolean _ = handle.destroy();
        return now;
    }

    /**
     * Waits until it has exited.
     *
     * @return when it had exited, on {@link System#nanoTime}
     */
    public long awaitGone() {
        return goneNanos.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private IllegalStateException failure(String what) {
        unread.drainTo(lines);
        StringBuilder text = new StringBuilder(program.name()).append(": ").append(what);
        lines.forEach(line -> text.append('\n').append(line.text()));
        return new IllegalStateException(text.toString());
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
        long _ = awaitGone();
    }
}
