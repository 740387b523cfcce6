package io.lynx.admin;

import static io.lynx.admin.HealthFormat.HEALTH_JSON;
import static io.lynx.admin.HealthFormat.MICROPROFILE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HealthPagesTest {
    private final FakeApplication application = new FakeApplication();
    private final HealthPages pages = new HealthPages(application);

    /** One check up with data, one degrading check down, one more for information alone. */
    private void serveWithChecks() {
        HealthCheckOptions options = HealthCheckOptions.defaults();
        application.health.register("http", "http", options, Health::up);
        application.health.register(
                "db.mysql",
                "mysql",
                options.withCriticality(Criticality.DEGRADING).withGroups(Group.READINESS, Group.STARTUP),
                () -> Health.down("no route").with("url", "jdbc:mysql://db").with("pool", List.of(3, 10)));
        application.health.register(
                "news", "news", options.withCriticality(Criticality.INFO), () -> Health.degraded("old"));
        application.health.start();
        application.health.enter(Phase.SERVING);
        application.time.advance(Duration.ofSeconds(3));
    }

    @Test
    void showsAllDetailsOfChecks() {
        serveWithChecks();

        HealthPage page = pages.page(Probe.ALL, MICROPROFILE, true);

        assertThat(page.code()).isEqualTo(200);
        Golden.assertEquals("health-detailed.json", page.body());
    }

    @Test
    void showsOtherCallersOnlyStatuses() {
        serveWithChecks();

        Golden.assertEquals(
                "health.json", pages.page(Probe.ALL, MICROPROFILE, false).body());
        Golden.assertEquals(
                "health-draft.json", pages.page(Probe.ALL, HEALTH_JSON, false).body());
    }

    @Test
    void showsAllDetailsInTheDraftFormat() {
        serveWithChecks();

        Golden.assertEquals(
                "health-draft-detailed.json",
                pages.page(Probe.ALL, HEALTH_JSON, true).body());
    }

    @ParameterizedTest
    @CsvSource({
        // phase,   check, started, live, ready, all
        "STARTING,  UP,    503,     200,  503,   503",
        "STARTING,  DOWN,  503,     200,  503,   503",
        "SERVING,   UP,    200,     200,  200,   200",
        "SERVING,   DOWN,  200,     200,  503,   503",
        "STOPPING,  UP,    200,     200,  503,   503",
        "STOPPING,  DOWN,  200,     200,  503,   503"
    })
    void answersEachProbeByThePhaseAndTheChecks(Phase phase, String check, int started, int live, int ready, int all) {
        application.health.register(
                "db",
                "db",
                HealthCheckOptions.defaults().internal(),
                () -> check.equals("UP") ? Health.up() : Health.down("no"));
        application.health.start();
        application.time.advance(Duration.ZERO);
        application.health.enter(phase);

        assertThat(pages.page(Probe.STARTED, MICROPROFILE, true).code()).isEqualTo(started);
        assertThat(pages.page(Probe.LIVE, MICROPROFILE, true).code()).isEqualTo(live);
        assertThat(pages.page(Probe.READY, MICROPROFILE, true).code()).isEqualTo(ready);
        assertThat(pages.page(Probe.ALL, MICROPROFILE, true).code()).isEqualTo(all);
    }

    @Test
    void showsEachProbeItsOwnChecks() {
        serveWithChecks();

        assertThat(text(Probe.LIVE)).contains("lynx.deadlock", "lynx.heartbeat").doesNotContain("mysql", "news");
        assertThat(text(Probe.READY)).contains("mysql", "news").doesNotContain("lynx.");
        assertThat(text(Probe.STARTED)).contains("mysql").doesNotContain("news", "lynx.");
    }

    private String text(Probe probe) {
        return new String(pages.page(probe, MICROPROFILE, true).body(), StandardCharsets.UTF_8);
    }

    @Test
    void isLiveBeforeTheFirstDeadlockCheck() {
        application.health.start();

        assertThat(text(Probe.LIVE)).startsWith("{\n  \"status\": \"UP\"").doesNotContain("\"DOWN\"");
    }

    @Test
    void leavesOutDisabledChecks() {
        serveWithChecks();

        application.health.enable("mysql", false);

        assertThat(text(Probe.ALL)).doesNotContain("mysql");
    }

    @Test
    void rendersAPageOnceForASnapshot() {
        serveWithChecks();

        HealthPage first = pages.page(Probe.READY, MICROPROFILE, true);
        assertThat(pages.page(Probe.READY, MICROPROFILE, true)).isSameAs(first);
        application.time.advance(Duration.ofSeconds(30));

        assertThat(pages.page(Probe.READY, MICROPROFILE, true)).isNotSameAs(first);
    }

    @Test
    void showsTheHealthOfOnePlugin() {
        serveWithChecks();
        application.plugins.add(plugin("db.mysql", PluginState.RUNNING));

        HealthPage page = pages.plugin("db.mysql", MICROPROFILE, true).orElseThrow();

        assertThat(page.code()).isEqualTo(200);
        Golden.assertEquals("health-plugin.json", page.body());
        assertThat(pages.plugin("nobody", MICROPROFILE, true)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PluginState.class)
    void showsAPluginAsUpOnlyWhileItRuns(PluginState state) {
        application.plugins.add(plugin("cart", state));

        int code = pages.plugin("cart", MICROPROFILE, true).orElseThrow().code();

        assertThat(code).isEqualTo(state == PluginState.RUNNING ? 200 : 503);
    }

    private static PluginStatus plugin(String id, PluginState state) {
        return new PluginStatus(PluginDescriptor.of(id).build(), state, List.of(), null, null, 0, null);
    }
}
