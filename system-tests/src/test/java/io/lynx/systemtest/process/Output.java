package io.lynx.systemtest.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a process wrote, line by line as it came. Thread-safe. */
public final class Output {
    /**
     * One line.
     *
     * @param nanos when it was read, on {@link System#nanoTime}
     * @param error whether it came by the standard error
     */
    public record Line(long nanos, boolean error, String text) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Line> lines = new ArrayList<>();
    private int open;

    /** Reads a stream to its end on a thread of its own. */
    void read(InputStream stream, boolean error, String thread) {
        lock.lock();
        try {
            open++;
        } finally {
            lock.unlock();
        }
        Thread.ofPlatform().daemon().name(thread).start(() -> drain(stream, error));
    }

    /** All lines so far. */
    public List<Line> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /** All lines so far as one text. */
    public String text() {
        return lines().stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /** The first line that has {@code part} in it, of those so far. */
    public Optional<Line> find(String part) {
        return lines().stream().filter(line -> line.text().contains(part)).findFirst();
    }

    /** Waits for a line; empty if the time is up or the output ends without one. */
    Optional<Line> await(Predicate<String> wanted, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        lock.lock();
        try {
            int seen = 0;
            while (true) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen).text())) {
                        return Optional.of(lines.get(seen));
                    }
                }
                long left = deadline - System.nanoTime();
                if (open == 0 || left <= 0) {
                    return Optional.empty();
                }
                long _ = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether everything that will ever be written has been read. */
    boolean hasEnded() {
        lock.lock();
        try {
            return open == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything written has been read. */
    boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        lock.lock();
        try {
            while (open > 0) {
                if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                        && deadline - System.nanoTime() <= 0) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void drain(InputStream stream, boolean error) {
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(new Line(System.nanoTime(), error, line));
            }
        } catch (IOException e) {
            add(new Line(System.nanoTime(), error, "(output cut off: " + e.getMessage() + ")"));
        } finally {
            end();
        }
    }

    private void add(Line line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            open--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
