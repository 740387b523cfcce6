package io.lynx.transport.engine.connection;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.ListenerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The descriptors of the process, less a reserve, are divided among the listeners: a listener that is configured with fewer
 * connections than an equal part gets all of them, and the others share the rest equally. They are divided again when a listener
 * opens or closes; a listener that has more connections than its new part accepts none until it has fewer. While all listeners
 * together are configured with at most half of the limit, nothing is divided, and the open descriptors are not counted.
 */

/**
 * Keeps the connections of an engine's listeners from taking every file descriptor of the process: then neither probes nor the
 * service's own files and connections could be opened. Where the limit of open files is known, on Linux, a share of it is left to
 * them. Thread-safe.
 */
public class OpenFilesLimit {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFilesLimit.class);
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String OPEN_FILES = "Max open files";

    /** One descriptor in so many is left, and this many at least: for probes, files and outgoing connections. */
    private static final int SHARE = 8;

    private static final int LEAST_LEFT = 64;

    @GuardedBy("this")
    private final List<Places> all = new ArrayList<>();

    /** The connections that one listener may have, until it is closed. Thread-safe. */
    public final class Places implements AutoCloseable {
        private final ListenerConfig config;
        private volatile Collection<?> taken = List.of();
        private volatile int most;

        private Places(ListenerConfig config) {
            this.config = config;
        }

        /** How many connections there may be now; the places may become fewer or more as other listeners open and close. */
        int most() {
            return most;
        }

        /** Sets the connections of the listener, a live view. */
        void takenBy(Collection<?> connections) {
            taken = connections;
        }

        @Override
        public void close() {
            leave(this);
        }

        private void give(long places, long ofFiles) {
            int before = most;
            most = (int) Math.min(places, config.maxConnections());
            boolean isLess = before == 0 || most < before;
            if (isLess && most < config.maxConnections()) {
                LOG.atWarn()
                        .addKeyValue("limit", ofFiles)
                        .addKeyValue("connections", most)
                        .log(
                                "{}.max_connections: {} exceeds what the limit of open files ({}) leaves place for; accepting"
                                        + " at most {} connections. Raise the limit (ulimit -n, LimitNOFILE) or lower the key",
                                config.section(),
                                config.maxConnections(),
                                ofFiles,
                                most);
            }
        }
    }

    /** Gives a listener that is about to open its places, of which the others may lose some. */
    public synchronized Places enter(ListenerConfig config) {
        Places entered = new Places(config);
        all.add(entered);
        divide();
        return entered;
    }

    private synchronized void leave(Places places) {
        if (all.remove(places)) {
            divide();
        }
    }

    @GuardedBy("this")
    private void divide() {
        long most = limit();
        long wanted = 0;
        for (Places places : all) {
            wanted += places.config.maxConnections();
        }
        if (wanted <= most / 2) {
            for (Places places : all) {
                places.give(Integer.MAX_VALUE, most);
            }
            return;
        }
        long left = most - open() - Math.max(LEAST_LEFT, most / SHARE);
        for (Places places : all) {
            left += places.taken.size();
        }
        List<Places> modestFirst = new ArrayList<>(all);
        modestFirst.sort(Comparator.comparingInt(places -> places.config.maxConnections()));
        for (int i = 0; i < modestFirst.size(); i++) {
            Places places = modestFirst.get(i);
            // A listener that replaces idle connections serves probes, and has few places.
            long part = places.config.replacesIdle() ? Integer.MAX_VALUE : Math.max(1, left / (modestFirst.size() - i));
            places.give(part, most);
            left -= places.most;
        }
    }

    /** Returns how many descriptors are open: jars, event loops, log files, connections. */
    long open() {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.count();
        } catch (IOException | UncheckedIOException unknown) {
            return 0;
        }
    }

    /** Returns the limit of open files; one that is never reached if it is not known. */
    long limit() {
        try {
            for (String line : Files.readString(LIMITS, StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith(OPEN_FILES)) {
                    String soft = line.substring(OPEN_FILES.length()).strip().split("\\s+", -1)[0];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // Not Linux, or not readable: accepting fails then when the limit is reached, and goes on later.
        }
        return Integer.MAX_VALUE;
    }
}
