package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules and dashboards leave out the requests of probes and of operations endpoints, and no others. */
final class ProbePathsTest {
    private static final Pattern EXCLUDED = Pattern.compile("path!~\"([^\"]*)\"");

    private static Set<String> excluded() {
        Set<String> patterns = new TreeSet<>();
        Stream.of(
                        Rules.shipped().alerts().stream().map(Rules.Alert::expression),
                        Rules.shipped().recordings().stream().map(Rules.Recording::expression),
                        Dashboards.shipped().queries().stream().map(Dashboard.Query::expression))
                .flatMap(expressions -> expressions)
                .forEach(expression ->
                        EXCLUDED.matcher(expression).results().forEach(found -> patterns.add(found.group(1))));
        return patterns;
    }

    @Test
    void rulesAndDashboardsLeaveOutTheSamePaths() {
        assertThat(excluded()).hasSize(1);
    }

    @Test
    void pathsOfProbesAndOperationsAreLeftOut() {
        assertThat(excluded()).allSatisfy(pattern -> assertThat(List.of(
                        "/health",
                        "/health/live",
                        "/health/ready",
                        "/health/started",
                        "/health/plugins/{id}",
                        "/livez",
                        "/readyz",
                        "/startupz",
                        "/metrics",
                        "/debug",
                        "/debug/breakers/{name}/reset",
                        HealthGrpc.getCheckMethod().getFullMethodName(),
                        HealthGrpc.getWatchMethod().getFullMethodName()))
                .allMatch(path -> path.matches(pattern)));
    }

    @Test
    void routesOfUsersCount() {
        assertThat(excluded()).allSatisfy(pattern -> assertThat(List.of(
                        "/",
                        "/healthcare/claims/{id}",
                        "/health/records/{id}",
                        "/health/readyness",
                        "/debugging",
                        "/metrics/daily",
                        "/orders/health",
                        "unmatched",
                        "shop.Orders/Place",
                        "shop.grpc.health.v1.Health/Check"))
                .noneMatch(path -> path.matches(pattern)));
    }
}
