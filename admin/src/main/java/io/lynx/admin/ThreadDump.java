package io.lynx.admin;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.lynx.config.Masking;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Dumps all threads, virtual ones included. The JVM's own dump writes only to files, so it goes through a temporary
 * file in a directory that only this user can read. One dump runs at a time. Thread-safe; blocks.
 */
final class ThreadDump {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Semaphore one = new Semaphore(1);

    /** The destination of a dump. */
    @FunctionalInterface
    interface Sink {
        /** Opens it; called only if there is something to write. */
        OutputStream open();
    }

    /**
     * Writes a dump.
     *
     * @return whether it was written; if not, other dumps have been in progress for 5 s
     * @throws IOException if no temporary file can be written, or the sink cannot be written to
     * @throws InterruptedException if interrupted while waiting for others
     */
    boolean writeTo(Sink sink, ThreadDumpFormat format) throws IOException, InterruptedException {
        if (!one.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            Path directory = Files.createTempDirectory("lynx-threads-");
            Path file = directory.resolve("dump");
            try {
                ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .dumpThreads(file.toString(), format);
                try (OutputStream out = sink.open()) {
                    copyMasked(file, out);
                }
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
            return true;
        } finally {
            one.release();
        }
    }

    /** Copies the dump with secrets masked, since the names of threads come from user code. */
    private static void copyMasked(Path file, OutputStream out) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            Writer masked = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                masked.write(Masking.mask(line));
                masked.write('\n');
            }
            masked.flush();
        }
    }
}
