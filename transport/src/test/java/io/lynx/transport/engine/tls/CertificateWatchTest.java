package io.lynx.transport.engine.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.LoopbackCertificate;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.ProtocolServer;
import io.lynx.transport.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateWatchTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final Deque<Runnable> started = new ArrayDeque<>();
    private boolean isAtTheLimit;

    @TempDir
    Path directory;

    /** A thread that starts when the test runs its task, or fails as one does when the process has too many. */
    private Thread thread(Runnable task) {
        return new Thread(task) {
            @Override
            public void start() {
                if (isAtTheLimit) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                started.add(task);
            }
        };
    }

    @Test
    void looksAgainAfterAThreadThatCouldNotStart() throws Exception {
        LoopbackCertificate first = LoopbackCertificate.make(Files.createDirectory(directory.resolve("first")));
        LoopbackCertificate second = LoopbackCertificate.make(Files.createDirectory(directory.resolve("second")));
        TlsFiles files = TlsFiles.of(first.certificate().toString(), first.key().toString());
        ListenerSpec plain = ProtocolServer.spec(ProtocolServer.config(10, files), ProtocolServer.handler(_ -> {}));
        ListenerSpec spec = new ListenerSpec(
                plain.config(),
                plain.handler(),
                plain.observer(),
                plain.gate(),
                time,
                time,
                InstantSource.system(),
                plain.origins());
        CertificateWatch watch = new CertificateWatch(spec, files, this::thread);
        watch.start();
        Files.copy(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);

        isAtTheLimit = true;
        advance();
        assertThat(started).isEmpty();
        isAtTheLimit = false;
        advance();

        assertThat(started).hasSize(1);
        started.remove().run();
        assertThat(watch.status().reloads()).isOne();
        watch.stop();
    }

    /** The time runs what is due, which may fail. */
    private void advance() {
        try {
            time.advance(INTERVAL);
        } catch (OutOfMemoryError atTheLimit) {
            assertThat(isAtTheLimit).isTrue();
        }
    }
}
