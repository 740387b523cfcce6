package io.lynx.systemtest.hostile;

import io.lynx.systemtest.SystemTests;
import io.lynx.testkit.LoopbackCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One service with TLS under one attack after the other: on its handshakes, and on its protocols inside of TLS. */
@Timeout(300)
final class HostileTlsClientsTest {
    private static final Duration ATTACK = Duration.ofMillis(SystemTests.count(1_000, 20_000));

    private static AttackedService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        service = AttackedService.start(LoopbackCertificate.make(directory));
    }

    @AfterAll
    static void stop() throws Exception {
        try (AttackedService ended = service) {
            ended.assertNothingIsLeft();
        }
    }

    static Stream<Attack> attacks() {
        return Stream.concat(new TlsAttacks(service.target()).all(), new FloodAttacks(service.target()).all());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void otherClientsAreServedAndNothingLeaks(Attack attack) throws Exception {
        service.withstand(attack, ATTACK);
    }
}
