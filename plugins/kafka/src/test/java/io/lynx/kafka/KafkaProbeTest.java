package io.lynx.kafka;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.lynx.config.Binding;
import io.lynx.kafka.KafkaConfig.Mechanism;
import io.lynx.plugin.external.ExternalSystemConfig.StartupMode;
import io.lynx.plugin.external.TlsConfig;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class KafkaProbeTest {
    private static final int ROUNDS = 30;
    private static final String NAME = "probe-test";

    private static ClientSettings settings() {
        KafkaConfig config = new KafkaConfig(
                List.of("127.0.0.1:1"),
                NAME,
                Mechanism.PLAIN,
                "",
                "",
                "",
                Duration.ofSeconds(10),
                Binding.defaults(KafkaProducerConfig.class),
                Map.of(),
                StartupMode.DEGRADE,
                Duration.ofSeconds(3),
                TlsConfig.NONE,
                Map.of());
        return new ClientSettings(config, "application", "kafka");
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().contains(NAME));
    }

    @Test
    void aClientThatACheckOpensDuringTheCloseIsClosed() throws Exception {
        ClientSettings settings = settings();
        for (int round = 0; round < ROUNDS; round++) {
            KafkaProbe probe = new KafkaProbe(settings);
            CyclicBarrier both = new CyclicBarrier(2);
            Thread check = Thread.ofPlatform().start(() -> {
                Throwable _ = catchThrowable(() -> {
                    both.await();
                    var _ = probe.check(Deadline.after(Duration.ofMillis(20), Ticker.system()));
                });
            });

            both.await();
            LockSupport.parkNanos(round * 200_000L); // Before, while and after the client is opened.
            probe.close();

            check.join();
        }
        Await.until("every client has ended", () -> !isRunning());
    }
}
