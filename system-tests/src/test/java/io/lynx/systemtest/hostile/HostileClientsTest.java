package io.lynx.systemtest.hostile;

import io.lynx.systemtest.SystemTests;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One service under one attack after the other, in clear text. */
@Timeout(300)
final class HostileClientsTest {
    private static final Duration ATTACK = Duration.ofSeconds(SystemTests.count(2, 20));

    private static AttackedService service;

    @BeforeAll
    static void start() throws Exception {
        service = AttackedService.start(null);
    }

    @AfterAll
    static void stop() throws Exception {
        try (AttackedService ended = service) {
            ended.assertNothingIsLeft();
        }
    }

    static Stream<Attack> attacks() {
        return new FloodAttacks(service.target()).all();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void otherClientsAreServedAndNothingLeaks(Attack attack) throws Exception {
        service.withstand(attack, ATTACK);
    }
}
