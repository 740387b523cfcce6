package io.lynx.transport.engine;

import io.lynx.transport.ListenerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the connections of the service from taking every file descriptor of the process: then neither probes nor the service's own
 * files and connections could be opened. Where the limit of open files is known, on Linux, a share of it is left to them. Stateless.
 */
final class OpenFilesLimit {
    private static final Logger LOG = LoggerFactory.getLogger(OpenFilesLimit.class);
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final String OPEN_FILES = "Max open files";

    /** One descriptor in so many is left, and this many at least: for probes, files and outgoing connections. */
    private static final int SHARE = 8;

    private static final int LEAST_LEFT = 64;

    private OpenFilesLimit() {}

    /** Returns how many connections a listener may have; logs if there are fewer places than the configuration allows. */
    static int connections(ListenerConfig config) {
        long limit = limit();
        if (config.replacesIdle() || config.maxConnections() <= limit / 2) {
            return config.maxConnections();
        }
        long places = Math.max(1, limit - open() - Math.max(LEAST_LEFT, limit / SHARE));
        if (config.maxConnections() <= places) {
            return config.maxConnections();
        }
        LOG.atWarn()
                .addKeyValue("limit", limit)
                .addKeyValue("connections", places)
                .log(
                        "{}.max_connections: {} exceeds what the limit of open files ({}) leaves place for; accepting at"
                                + " most {} connections. Raise the limit (ulimit -n, LimitNOFILE) or lower the key",
                        config.section(),
                        config.maxConnections(),
                        limit,
                        places);
        return (int) places;
    }

    /** Returns how many descriptors are open: jars, event loops, log files. */
    private static long open() {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.count();
        } catch (IOException | UncheckedIOException unknown) {
            return 0;
        }
    }

    /** Returns the limit of open files; one that is never reached if it is not known. */
    private static long limit() {
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
