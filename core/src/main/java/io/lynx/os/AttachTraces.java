package io.lynx.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The files that {@code jcmd}, {@code jstack} and other attaching tools create. They distinguish a tool's SIGQUIT from
 * an operator's.
 *
 * <p>A tool that finds no socket of the JVM's attach listener creates {@code .attach_pid<pid>} in the JVM's working
 * directory, or else in {@code /tmp}, and sends SIGQUIT; the JVM sees the file, opens {@code /tmp/.java_pid<pid>} and
 * prints no dump. If two tools do so at the same time, the second signal finds the listener open, and the JVM prints a
 * thread dump. A dump soon after the listener's start, or while a tool waits for it, may therefore come from a tool,
 * and must not shut the service down. Reads the file system; thread-safe.
 */
final class AttachTraces {
    /** Longer than the time from the second tool's signal until the dump is printed. */
    private static final Duration LISTENER_IS_NEW = Duration.ofSeconds(5);
    /** The tools wait ten seconds; a file older than this belongs to a tool that was killed. */
    private static final Duration REQUEST_IS_STALE = Duration.ofSeconds(15);

    private final Path workingDirectory;
    private final Path temporary;
    private final long pid;

    AttachTraces(Path workingDirectory, Path temporary, long pid) {
        this.workingDirectory = workingDirectory;
        this.temporary = temporary;
        this.pid = pid;
    }

    static AttachTraces ofThisProcess() {
        return new AttachTraces(
                Path.of("/proc/self/cwd"),
                Path.of("/tmp"),
                ProcessHandle.current().pid());
    }

    /** Returns whether a tool may have attached for the first time at about this time. */
    boolean areFresh(Instant now) {
        String request = ".attach_pid" + pid;
        return isYounger(workingDirectory.resolve(request), REQUEST_IS_STALE, now)
                || isYounger(temporary.resolve(request), REQUEST_IS_STALE, now)
                || isYounger(temporary.resolve(".java_pid" + pid), LISTENER_IS_NEW, now);
    }

    private static boolean isYounger(Path file, Duration age, Instant now) {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            return Duration.between(written, now).abs().compareTo(age) < 0;
        } catch (IOException none) {
            return false;
        }
    }
}
