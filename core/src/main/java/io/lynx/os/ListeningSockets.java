package io.lynx.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the file descriptors of a process's listening TCP sockets in Linux's {@code /proc} (proc_pid_net(5),
 * proc_pid_fd(5)).
 */
final class ListeningSockets {
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final Path proc;

    /** @param proc the process's directory, {@code /proc/self} */
    ListeningSockets(Path proc) {
        this.proc = proc;
    }

    /** The descriptors of the sockets that this process listens with on {@code port}, at any address; maybe none. */
    List<Integer> descriptors(int port) throws IOException {
        Set<String> links = new HashSet<>();
        collect(proc.resolve("net/tcp"), port, links);
        collect(proc.resolve("net/tcp6"), port, links);
        return links.isEmpty() ? List.of() : open(links);
    }

    /** Others in the same network namespace are in the table too: what this process has open is decided by its links. */
    private static void collect(Path table, int port, Set<String> links) throws IOException {
        if (!Files.exists(table)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(table)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.trim().split(" +", INODE + 2);
                if (!columns[STATE].equals(LISTEN)) {
                    // The kernel lists its listening sockets first; of the others there may be very many.
                    return;
                }
                String local = columns[LOCAL_ADDRESS];
                if (Integer.parseInt(local.substring(local.lastIndexOf(':') + 1), 16) == port) {
                    links.add("socket:[" + columns[INODE] + "]");
                }
            }
        }
    }

    private List<Integer> open(Set<String> links) throws IOException {
        List<Integer> descriptors = new ArrayList<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(proc.resolve("fd"))) {
            for (Path descriptor : open) {
                if (links.contains(target(descriptor))) {
                    descriptors.add(Integer.valueOf(descriptor.getFileName().toString()));
                }
            }
        }
        return descriptors;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
