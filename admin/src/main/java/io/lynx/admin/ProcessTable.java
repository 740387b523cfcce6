package io.lynx.admin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The processes that this process can see in its own {@code /proc}, and the sockets that they have open. Immutable; reads them
 * anew for each search, up to a bounded number.
 */
final class ProcessTable {
    /**
     * The maximum number of processes, and of descriptors of each, that are inspected. A socket beyond it counts as not
     * found.
     */
    static final int MAX_PROCESSES = 20_000;

    static final int MAX_DESCRIPTORS = 100_000;

    private static final String PID_NAMESPACE = "ns/pid";

    private final Path proc;

    /** Reads the processes below {@code proc}. */
    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * Returns the user id of new sockets of this process.
     *
     * @throws IOException if it cannot be read
     */
    int user() throws IOException {
        for (String line : Files.readAllLines(proc.resolve("self/status"))) {
            if (line.startsWith("Uid:")) {
                // The ids are: real, effective, saved, file system.
                return Integer.parseUnsignedInt(line.strip().split("\\s+")[4]);
            }
        }
        throw new IOException(proc.resolve("self/status") + ": no line 'Uid:'");
    }

    /**
     * Returns whether a process of {@code user}, in the same process namespace as this one, has the socket open. A container of
     * the same user in the same network is thereby another caller, even if its processes are visible from here.
     *
     * @throws IOException if the processes cannot be listed
     */
    boolean hasOpen(long inode, int user) throws IOException {
        String socket = "socket:[" + inode + "]";
        Path namespace = link(proc.resolve("self").resolve(PID_NAMESPACE));
        int left = MAX_DESCRIPTORS;
        for (Path process : newestFirst()) {
            if (!Objects.equals(owner(process), user)
                    || namespace == null
                    || !namespace.equals(link(process.resolve(PID_NAMESPACE)))) {
                continue;
            }
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
                for (Path descriptor : descriptors) {
                    Path target = link(descriptor);
                    if (target != null && target.toString().equals(socket)) {
                        return true;
                    }
                    if (--left == 0) {
                        return false;
                    }
                }
            } catch (IOException endedOrForeign) {
                // Another process may have the socket open.
            }
        }
        return false;
    }

    /** Returns the most recent processes first, since the caller is usually a command that was just started. */
    private List<Path> newestFirst() throws IOException {
        List<Path> processes = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : all) {
                processes.add(process);
                if (processes.size() == MAX_PROCESSES) {
                    break;
                }
            }
        }
        processes.sort(Comparator.comparingLong(ProcessTable::number).reversed());
        return processes;
    }

    private static long number(Path process) {
        try {
            return Long.parseLong(String.valueOf(process.getFileName()));
        } catch (NumberFormatException notAProcess) {
            return -1;
        }
    }

    private static @Nullable Object owner(Path process) {
        try {
            return Files.getAttribute(process, "unix:uid");
        } catch (IOException | UnsupportedOperationException ended) {
            return null;
        }
    }

    private static @Nullable Path link(Path path) {
        try {
            return Files.readSymbolicLink(path);
        } catch (IOException | UnsupportedOperationException unreadable) {
            return null;
        }
    }
}
