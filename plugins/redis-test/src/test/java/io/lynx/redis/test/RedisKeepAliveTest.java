package io.lynx.redis.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.extension.Registration;
import io.lynx.redis.RedisPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The system probes connections to Redis on which nothing arrives. */
@WithRedis
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc/net")
class RedisKeepAliveTest {
    private static final int PER_SECOND = 100;

    /** A connection of this process: the kind of the timer that runs for it, and when it fires. */
    private record Timer(String kind, Duration left) {
        private static final String KEEP_ALIVE = "02";

        boolean isKeepAlive() {
            return kind.equals(KEEP_ALIVE);
        }
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of("/proc/net", file)).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Timer> timers(String address) {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        String remote = String.format(Locale.ROOT, ":%04X", port);
        return Stream.of("tcp", "tcp6")
                .flatMap(RedisKeepAliveTest::lines)
                .map(line -> line.strip().split("\\s+"))
                .filter(parts -> parts[2].endsWith(remote) && parts[3].equals("01"))
                .map(parts -> parts[5].split(":"))
                .map(timer ->
                        new Timer(timer[0], Duration.ofMillis(Long.parseLong(timer[1], 16) * (1000 / PER_SECOND))))
                .toList();
    }

    @Test
    void connectionsOfThePoolTheCheckAndSubscriptionsAreProbedSoon(TestRedis redis) {
        try (LynxTest lynx = TestApplications.start();
                Registration _ = lynx.resource(RedisPlugin.channels()).subscribe("silent", (_, _) -> {}, "news")) {
            assertThat(lynx.resource(RedisPlugin.key()).set("key", "value")).isEqualTo("OK");

            Await.asserted("each has a timer", Duration.ofSeconds(30), () -> assertThat(timers(redis.address()))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(Timer::isKeepAlive)
                    .allSatisfy(timer -> assertThat(timer.left()).isLessThanOrEqualTo(Duration.ofSeconds(16))));
        }
    }
}
