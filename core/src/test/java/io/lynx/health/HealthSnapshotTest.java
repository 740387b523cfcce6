package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthSnapshotTest {
    private static final long NEVER_STALE = Long.MAX_VALUE / 4;

    private static CheckReport report(
            String name, Criticality criticality, @Nullable HealthStatus status, Group... groups) {
        return new CheckReport(
                name,
                name.startsWith("db") ? "db" : name,
                Set.of(groups),
                criticality,
                false,
                true,
                status == null ? HealthStatus.UNKNOWN : status,
                status == null ? null : new Health(status, null, java.util.Map.of()),
                status == null ? null : Instant.EPOCH,
                Duration.ZERO,
                0,
                0,
                false,
                false);
    }

    private static HealthSnapshot serving() {
        return HealthSnapshot.empty().in(Phase.SERVING);
    }

    @ParameterizedTest
    @CsvSource({
        "CRITICAL,  UP,             UP",
        "CRITICAL,  DEGRADED,       DEGRADED",
        "CRITICAL,  DOWN,           DOWN",
        "CRITICAL,  OUT_OF_SERVICE, OUT_OF_SERVICE",
        "CRITICAL,  UNKNOWN,        UNKNOWN",
        "DEGRADING, UP,             UP",
        "DEGRADING, DEGRADED,       DEGRADED",
        "DEGRADING, DOWN,           DEGRADED",
        "DEGRADING, OUT_OF_SERVICE, DEGRADED",
        "DEGRADING, UNKNOWN,        DEGRADED",
        "INFO,      UP,             UP",
        "INFO,      DEGRADED,       UP",
        "INFO,      DOWN,           UP",
        "INFO,      OUT_OF_SERVICE, UP",
        "INFO,      UNKNOWN,        UP"
    })
    void letsThroughAsMuchOfAStatusAsTheCriticalitySays(
            Criticality criticality, HealthStatus status, HealthStatus expected) {
        HealthSnapshot snapshot = serving().with(report("x", criticality, status, Group.READINESS), NEVER_STALE);

        assertThat(snapshot.status(Group.READINESS)).isEqualTo(expected);
        assertThat(snapshot.overall()).isEqualTo(expected);
        assertThat(snapshot.status(Group.LIVENESS)).isEqualTo(HealthStatus.UP);
    }

    @ParameterizedTest
    @CsvSource({
        "UP, DEGRADED, DEGRADED",
        "DEGRADED, UNKNOWN, UNKNOWN",
        "UNKNOWN, OUT_OF_SERVICE, OUT_OF_SERVICE",
        "OUT_OF_SERVICE, DOWN, DOWN",
        "UP, DOWN, DOWN"
    })
    void takesTheWorst(HealthStatus one, HealthStatus other, HealthStatus expected) {
        HealthSnapshot snapshot = serving()
                .with(report("one", Criticality.CRITICAL, one, Group.READINESS), NEVER_STALE)
                .with(report("other", Criticality.CRITICAL, other, Group.READINESS), NEVER_STALE);

        assertThat(snapshot.status(Group.READINESS)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        // phase,   check,  startup, liveness, readiness,      overall
        "STARTING,  UP,     DOWN,    UP,       DOWN,           DOWN",
        "STARTING,  DOWN,   DOWN,    UP,       DOWN,           DOWN",
        "SERVING,   UP,     UP,      UP,       UP,             UP",
        "SERVING,   DOWN,   UP,      UP,       DOWN,           DOWN",
        "STOPPING,  UP,     UP,      UP,       OUT_OF_SERVICE, OUT_OF_SERVICE",
        "STOPPING,  DOWN,   UP,      UP,       OUT_OF_SERVICE, OUT_OF_SERVICE"
    })
    void answersEachProbeByThePhase(
            Phase phase,
            HealthStatus check,
            HealthStatus startup,
            HealthStatus liveness,
            HealthStatus readiness,
            HealthStatus overall) {
        HealthSnapshot snapshot = HealthSnapshot.empty()
                .with(report("x", Criticality.CRITICAL, check, Group.READINESS), NEVER_STALE)
                .in(phase);

        assertThat(snapshot.status(Group.STARTUP)).isEqualTo(startup);
        assertThat(snapshot.status(Group.LIVENESS)).isEqualTo(liveness);
        assertThat(snapshot.status(Group.READINESS)).isEqualTo(readiness);
        assertThat(snapshot.overall()).isEqualTo(overall);
    }

    @Test
    void neverReturnsToAnEarlierPhase() {
        HealthSnapshot stopping = serving().in(Phase.STOPPING);

        assertThat(stopping.in(Phase.SERVING)).isSameAs(stopping);
        assertThat(stopping.in(Phase.STARTING)).isSameAs(stopping);
    }

    @Test
    void staysStartedOnceTheStartupChecksPassed() {
        HealthSnapshot warming =
                serving().with(report("warm-up", Criticality.CRITICAL, HealthStatus.DOWN, Group.STARTUP), NEVER_STALE);
        // The phase was SERVING before the check came: the latch had closed.
        assertThat(warming.status(Group.STARTUP)).isEqualTo(HealthStatus.UP);

        HealthSnapshot fresh = HealthSnapshot.empty()
                .with(report("warm-up", Criticality.CRITICAL, HealthStatus.DOWN, Group.STARTUP), NEVER_STALE)
                .in(Phase.SERVING);
        assertThat(fresh.status(Group.STARTUP)).isEqualTo(HealthStatus.DOWN);
        assertThat(fresh.status(Group.READINESS)).isEqualTo(HealthStatus.DOWN);

        HealthSnapshot warm =
                fresh.with(report("warm-up", Criticality.CRITICAL, HealthStatus.UP, Group.STARTUP), NEVER_STALE);
        HealthSnapshot coldAgain =
                warm.with(report("warm-up", Criticality.CRITICAL, HealthStatus.DOWN, Group.STARTUP), NEVER_STALE);
        assertThat(warm.status(Group.STARTUP)).isEqualTo(HealthStatus.UP);
        assertThat(coldAgain.status(Group.STARTUP)).isEqualTo(HealthStatus.UP);
    }

    @Test
    void doesNotCountALivenessCheckBeforeItsFirstResult() {
        HealthSnapshot snapshot = serving().with(report("x", Criticality.CRITICAL, null, Group.LIVENESS), 1_000);

        assertThat(snapshot.status(Group.LIVENESS)).isEqualTo(HealthStatus.UP);
        assertThat(snapshot.judged(1_001).status(Group.LIVENESS))
                .as("it never comes")
                .isEqualTo(HealthStatus.UNKNOWN);
    }

    @Test
    void readinessIsUnknownBeforeTheFirstResultOfACriticalCheck() {
        HealthSnapshot snapshot = serving()
                .with(report("a", Criticality.DEGRADING, null, Group.READINESS), NEVER_STALE)
                .with(report("b", Criticality.INFO, null, Group.READINESS), NEVER_STALE);
        assertThat(snapshot.status(Group.READINESS)).isEqualTo(HealthStatus.UP);

        HealthSnapshot pending = snapshot.with(report("c", Criticality.CRITICAL, null, Group.READINESS), NEVER_STALE);

        assertThat(pending.status(Group.READINESS)).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(pending.isPending()).isTrue();
        assertThat(snapshot.isPending()).isFalse();
    }

    @Test
    void countsThePluginsOwnCheckInFullForThePlugin() {
        HealthSnapshot snapshot = serving()
                .with(report("db", Criticality.DEGRADING, HealthStatus.DOWN, Group.READINESS), NEVER_STALE)
                .with(report("db.replica", Criticality.DEGRADING, HealthStatus.UP), NEVER_STALE);

        assertThat(snapshot.statusOf("db")).isEqualTo(HealthStatus.DOWN);
        assertThat(snapshot.overall()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(snapshot.statusOf("nobody")).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(snapshot.checksOf("db")).extracting(CheckReport::name).containsExactly("db", "db.replica");
    }

    @Test
    void keepsChecksInTheOrderOfTheirNames() {
        HealthSnapshot snapshot = serving();
        for (String name : new String[] {"m", "c", "z", "a", "q"}) {
            snapshot = snapshot.with(report(name, Criticality.CRITICAL, HealthStatus.UP), name.charAt(0));
        }

        snapshot = snapshot.without("m").without("nobody");

        assertThat(snapshot.checks()).extracting(CheckReport::name).containsExactly("a", "c", "q", "z");
        assertThat(snapshot.check("q")).isPresent();
        assertThat(snapshot.check("m")).isEmpty();
        assertThat(snapshot.judged('c' + 1).checks())
                .extracting(CheckReport::stale)
                .containsExactly(true, true, false, false);
    }

    @Test
    void findsStaleResultsAcrossAnOverflowOfTheTicker() {
        long beforeOverflow = Long.MAX_VALUE - 5;
        HealthSnapshot snapshot = serving()
                .with(report("x", Criticality.CRITICAL, HealthStatus.UP, Group.READINESS), beforeOverflow + 10);

        assertThat(snapshot.judged(beforeOverflow)).isSameAs(snapshot);
        assertThat(snapshot.judged(beforeOverflow + 11).status(Group.READINESS)).isEqualTo(HealthStatus.UNKNOWN);
    }

    @Test
    void givesTheSameAnswersWhateverTheOrderOfChanges() {
        Random random = new Random(7);
        List<HealthStatus> statuses = List.of(HealthStatus.values());
        HealthSnapshot snapshot = serving();
        for (int step = 0; step < 2_000; step++) {
            String name = "check" + random.nextInt(12);
            if (random.nextInt(4) == 0) {
                snapshot = snapshot.without(name);
            } else {
                Criticality criticality = List.of(Criticality.values()).get(random.nextInt(3));
                HealthStatus status = random.nextInt(4) == 0 ? null : statuses.get(random.nextInt(statuses.size()));
                Group[] groups = Group.values();
                Group[] some = java.util.Arrays.copyOf(groups, random.nextInt(groups.length + 1));
                snapshot = snapshot.with(report(name, criticality, status, some), random.nextInt(1_000));
            }
            if (random.nextInt(10) == 0) {
                snapshot = snapshot.judged(random.nextInt(1_000));
            }

            HealthSnapshot anew = serving();
            for (CheckReport check : snapshot.checks().reversed()) {
                anew = anew.with(check, NEVER_STALE);
            }

            assertThat(snapshot.overall()).isEqualTo(anew.overall());
            assertThat(snapshot.isPending()).isEqualTo(anew.isPending());
            for (Group group : Group.values()) {
                assertThat(snapshot.status(group)).as("%s", group).isEqualTo(anew.status(group));
            }
        }
    }

    @Test
    void reportsTheChecksWhoseStatusHasChanged() {
        HealthSnapshot before = serving()
                .with(report("gone", Criticality.CRITICAL, HealthStatus.UP), NEVER_STALE)
                .with(report("old", Criticality.CRITICAL, HealthStatus.UP), 1_000)
                .with(report("same", Criticality.CRITICAL, HealthStatus.UP), NEVER_STALE)
                .with(report("worse", Criticality.CRITICAL, HealthStatus.UP), NEVER_STALE);

        HealthSnapshot now = before.without("gone")
                .with(report("new", Criticality.CRITICAL, HealthStatus.UP), NEVER_STALE)
                .with(report("pending", Criticality.CRITICAL, null), NEVER_STALE)
                .with(report("same", Criticality.CRITICAL, HealthStatus.UP), NEVER_STALE)
                .with(report("worse", Criticality.CRITICAL, HealthStatus.DOWN), NEVER_STALE)
                .judged(1_001);

        assertThat(changes(before, now)).containsExactly("new UNKNOWN→UP", "old UP→UNKNOWN", "worse UP→DOWN");
        assertThat(changes(now, now.without("new"))).isEmpty();
    }

    private static List<String> changes(HealthSnapshot before, HealthSnapshot now) {
        List<String> changes = new ArrayList<>();
        now.changesSince(before, (check, was) -> changes.add(check.name() + " " + was + "→" + check.status()));
        return changes;
    }

    @Test
    void findsStaleResultsAfterAnInspectionThatFoundNone() {
        HealthSnapshot snapshot = serving()
                .with(report("a", Criticality.CRITICAL, HealthStatus.UP), 100)
                .with(report("b", Criticality.CRITICAL, HealthStatus.UP), 200)
                .with(report("a", Criticality.CRITICAL, HealthStatus.UP), 300);

        assertThat(snapshot.judged(150)).isSameAs(snapshot);
        assertThat(snapshot.judged(200)).isSameAs(snapshot);
        assertThat(snapshot.judged(201).checks()).extracting(CheckReport::stale).containsExactly(false, true);
    }
}
