package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random traces of calls, late results, waits and manual modes on the real breaker and on {@link ModelBreaker}, which
 * must look the same after each step. {@code -Dlynx.test.seed=N} replays a trace.
 */
class CircuitBreakerOracleTest {
    private static final int TRACES = 20;
    private static final int STEPS = 50_000;
    private static final int MOST_HELD = 20;
    private static final List<CircuitBreakerMode> MODES = List.of(CircuitBreakerMode.values());

    /** A permit of each of the two. */
    private record Held(Permit real, ModelBreaker.Ticket model) {}

    static Stream<Long> seeds() {
        Long given = Long.getLong("lynx.test.seed");
        long first = System.nanoTime();
        return given != null ? Stream.of(given) : IntStream.range(0, TRACES).mapToObj(trace -> first + trace);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void looksLikeTheModelAfterEachStep(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ManualTime time = new ManualTime();
        CircuitBreakerConfig config = randomConfig(random);
        CircuitBreaker real = CircuitBreaker.of("payments", config, time);
        ModelBreaker model = new ModelBreaker(config, time);
        List<Held> held = new ArrayList<>();

        for (int step = 0; step < STEPS; step++) {
            String action = step(random, time, real, model, held);

            assertThat(real.state()).isEqualTo(model.state()); // A snapshot makes no transition that is due by time.
            assertThat(describe(real.snapshot()))
                    .as("seed %d, step %d: %s, %s", seed, step, action, config)
                    .isEqualTo(model.describe());
        }
        for (CircuitBreakerState from : CircuitBreakerState.values()) {
            for (CircuitBreakerState to : CircuitBreakerState.values()) {
                assertThat(real.transitions(from, to))
                        .as("seed %d: from %s to %s, %s", seed, from, to, config)
                        .isEqualTo(model.transitions(from, to));
            }
        }
    }

    private static String step(
            SplittableRandom random, ManualTime time, CircuitBreaker real, ModelBreaker model, List<Held> held) {
        int dice = random.nextInt(1000);
        if (dice < 400) {
            Permit permit = real.tryAcquire();
            ModelBreaker.Ticket ticket = model.tryAcquire();
            assertThat(permit == null).as("rejected").isEqualTo(ticket == null);
            if (permit != null && ticket != null) {
                held.add(new Held(permit, ticket));
            }
            if (held.size() > MOST_HELD) {
                held.remove(random.nextInt(held.size()));
            }
            return "acquire";
        }
        if (dice < 880) {
            return held.isEmpty() ? "nothing" : resolve(random, held);
        }
        if (dice < 990) {
            Duration wait = Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 30_000 : 300));
            time.advance(wait);
            return "wait " + wait;
        }
        return manual(random, real, model);
    }

    private static String resolve(SplittableRandom random, List<Held> held) {
        int index = random.nextInt(held.size());
        // Sometimes it is kept, to be resolved again.
        Held one = random.nextInt(10) == 0 ? held.get(index) : held.remove(index);
        int dice = random.nextInt(100);
        if (dice < 50) {
            one.real.success();
            one.model.success();
            return "success";
        }
        if (dice < 90) {
            one.real.failure(new Exception("down"));
            one.model.failure();
            return "failure";
        }
        one.real.ignore();
        one.model.ignore();
        return "ignore";
    }

    private static String manual(SplittableRandom random, CircuitBreaker real, ModelBreaker model) {
        CircuitBreakerMode mode =
                random.nextInt(2) == 0 ? CircuitBreakerMode.AUTOMATIC : MODES.get(random.nextInt(MODES.size()));
        switch (mode) {
            case AUTOMATIC -> real.reset();
            case FORCED_OPEN -> real.forceOpen();
            case DISABLED -> real.disable();
            case METRICS_ONLY -> real.metricsOnly();
        }
        model.manual(mode);
        return mode.label();
    }

    private static CircuitBreakerConfig randomConfig(SplittableRandom random) {
        CircuitBreakerConfig.Builder builder = CircuitBreakerConfig.builder()
                .threshold(random.nextInt(1, 7))
                .timeout(Duration.ofMillis(random.nextInt(100, 20_000)))
                .halfOpenLimit(random.nextInt(1, 5))
                .halfOpenMaxWait(Duration.ofMillis(random.nextInt(100, 20_000)))
                .growth(1 + random.nextInt(3) / 2.0)
                .maxTimeout(Duration.ofSeconds(random.nextInt(20, 60)));
        double rate = random.nextInt(1, 11) / 10.0;
        int kind = random.nextInt(3);
        if (kind == 1) {
            int size = random.nextInt(1, 40);
            builder.window(new WindowConfig.Count(size, limits(random, random.nextInt(1, size + 1), rate)));
        } else if (kind == 2) {
            Duration size = Duration.ofMillis(10L * random.nextInt(1, 2_000));
            builder.window(new WindowConfig.Time(size, limits(random, random.nextInt(1, 20), rate)));
        }
        return builder.build();
    }

    private static WindowConfig.Limits limits(SplittableRandom random, int minimumCalls, double rate) {
        WindowConfig.Limits limits = WindowConfig.Limits.of(minimumCalls, rate);
        return random.nextBoolean()
                ? limits
                : limits.withSlowCalls(Duration.ofMillis(random.nextInt(1, 2_000)), random.nextInt(1, 11) / 10.0);
    }

    private static String describe(CircuitBreakerSnapshot snapshot) {
        return String.join(
                " ",
                snapshot.state().label(),
                snapshot.mode().label(),
                "calls=" + snapshot.calls(),
                "failed=" + snapshot.failed(),
                "slow=" + snapshot.slow(),
                "probes=" + snapshot.probesInFlight() + "/" + snapshot.probesSucceeded(),
                "totals=" + snapshot.successes() + "/" + snapshot.failures() + "/" + snapshot.rejected());
    }
}
