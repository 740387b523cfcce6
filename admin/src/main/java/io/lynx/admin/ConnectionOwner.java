package io.lynx.admin;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Determines whether the other end of a connection on this machine belongs to the operating-system user of this
 * process. Linux only: elsewhere, and wherever the owner cannot be determined, the answer is no. Thread-safe; blocks on
 * reading {@code /proc}.
 */
final class ConnectionOwner {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionOwner.class);

    private final Path proc;
    private final SocketTable sockets;
    private final ProcessTable processes;

    ConnectionOwner() {
        this(Path.of("/proc"));
    }

    ConnectionOwner(Path proc) {
        this.proc = proc;
        this.sockets = new SocketTable(proc.resolve("net"));
        this.processes = new ProcessTable(proc);
    }

    /** Returns whether the owner of a connection can be determined on this system at all. */
    boolean isSupported() {
        return Files.isReadable(proc.resolve("net/tcp")) && Files.isReadable(proc.resolve("self/status"));
    }

    /**
     * Returns whether the connection between {@code client} and {@code server} was made by a process of this process's user that
     * is visible here.
     */
    boolean isOwnUser(InetSocketAddress client, InetSocketAddress server) {
        try {
            int user = processes.user();
            Optional<SocketTable.Owner> owner = sockets.owner(client, server);
            return owner.isPresent()
                    && owner.get().user() == user
                    && processes.hasOpen(owner.get().inode(), user);
        } catch (IOException | RuntimeException unreadable) {
            LOG.atDebug().setCause(unreadable).log("Owner of the connection from {} is unknown", client);
            return false;
        }
    }
}
