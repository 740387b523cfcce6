package io.lynx.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What {@code jcmd}, {@code jstack} and other attaching tools leave behind, by which their SIGQUIT is told from an
 * operator's.
 *
 * <p>A tool that finds no socket of the JVM's attach listener creates {@code .attach_pid<pid>} in the JVM's working
 * directory, or else in {@code /tmp}, and sends SIGQUIT; the JVM sees the file, opens {@code /tmp/.java_pid<pid>} and
 * prints no dump. When two tools do so at the same time, the second signal finds the listener open, and the JVM takes
 * it for a request for a thread dump. So a dump soon after the listener's start, or while a tool is asking for it, may
 * be a tool's, and a service must not stop for it. Reads the file system; thread-safe.
 */
final class AttachTraces {
    /** From the second tool's signal until the dump has been printed. */
    private static final Duration LISTENER_IS_NEW = Duration.ofSeconds(5);
    /** The tools wait ten seconds; an older file was left by one that was killed. */
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

    /** Whether a tool attached, for the first time, at about this time. */
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
