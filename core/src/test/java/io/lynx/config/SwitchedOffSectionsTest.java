package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A null in a file removes a section of an earlier file; an empty section leaves it. */
class SwitchedOffSectionsTest {
    private static final ConfigSection<Server> SERVER = ConfigSection.of("lynx.server", Server.class);
    private static final ConfigSection<Levels> LEVELS = ConfigSection.of("lynx.log", Levels.class);
    private static final ConfigSection<Pool> POOL = ConfigSection.of("lynx.pool", Pool.class);
    private static final Server PLAIN = new Server(80, Optional.empty());
    private static final Server SECURE = new Server(80, Optional.of(new Tls("a", "b")));
    private static final String BASE = "lynx: {server: {port: 80, tls: {key: a, chain: b}}}";

    record Server(@Default("8080") int port, Optional<Tls> tls) {}

    record Tls(@Default("k") String key, @Default("c") String chain) {}

    record Levels(Map<String, String> levels) {}

    record Pool(String url, @Default("1") int size) {}

    private static Config load(String earlier, String later) {
        return ConfigSources.none()
                .yaml("config.yml", earlier)
                .yaml("config-dev.yml", later)
                .load();
    }

    private static Server server(String later) {
        return load(BASE, later).bind(SERVER).orThrow().get(SERVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lynx: {server: {tls: ~}}",
                "lynx.server.tls: null",
                "lynx.server.tls: Null",
                "lynx.server: {tls: ~}"
            })
    void aNullRemovesASectionOfAnEarlierFile(String later) {
        assertThat(server(later)).isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lynx:",
                "lynx:\n  server:\n    # port: 81\n",
                "lynx.server.tls:\n",
                "lynx: {}",
                "lynx: {server: {}}",
                "lynx.server.tls: {}"
            })
    void anEmptySectionChangesNothing(String later) {
        assertThat(server(later)).isEqualTo(SECURE);
    }

    @Test
    void keysOfTheSameFileAndOfHigherSourcesStay() {
        Server replaced = new Server(80, Optional.of(new Tls("z", "c")));

        assertThat(server("lynx.server.tls: ~\nlynx.server.tls.key: z")).isEqualTo(replaced);
        assertThat(server("lynx.server.tls.key: z\nlynx.server.tls: ~")).isEqualTo(replaced);
        assertThat(ConfigSources.none()
                        .yaml("config.yml", BASE)
                        .yaml("config-dev.yml", "lynx.server.tls: ~")
                        .yaml("config-more.yml", "lynx.server.tls.key: z")
                        .load()
                        .bind(SERVER)
                        .get(SERVER))
                .isEqualTo(replaced);
        assertThat(ConfigSources.none()
                        .yaml("config.yml", BASE)
                        .yaml("config-dev.yml", "lynx.server.tls: ~")
                        .environment(Map.of("LYNX_SERVER_TLS_KEY", "z"))
                        .load()
                        .bind(SERVER)
                        .get(SERVER))
                .isEqualTo(replaced);
    }

    @Test
    void aRemovedSectionIsNotPresent() {
        Config config = load("lynx.pool: {url: x, orders.url: y}", "lynx.pool: ~");

        assertThat(config.hasSection(POOL)).isFalse();
        assertThat(config.instances(POOL)).isEmpty();
        assertThat(config.bind().problems()).isEmpty();
        assertThat(load("lynx.pool.orders.url: y", "lynx: {pool: {orders: ~}}")
                        .bind()
                        .problems())
                .isEmpty();
        assertThat(load("lynx.pool: {url: x, orders.url: y}", "lynx.pool.orders: ~")
                        .instances(POOL))
                .containsExactly("");
    }

    @Test
    void aNullThatRemovesNothingIsStillAMention() {
        assertThat(load("", "lynx.pool: ~").hasSection(POOL)).isTrue();
        assertThat(load("lynx.server.port: 80", "lynx.server.tsl: ~")
                        .bind(SERVER)
                        .problems())
                .extracting(ConfigurationException.ConfigProblem::message)
                .containsExactly("lynx.server.tsl: unknown (config-dev.yml:1); did you mean 'tls'?");
    }

    @Test
    void aNullEmptiesAMapAndRestoresSingleNames() {
        String earlier = "lynx.log.levels: {io.lynx: warn, io.lynx.http: debug}";

        assertThat(levels(earlier, "lynx.log.levels: ~")).isEmpty();
        assertThat(levels(earlier, "lynx.log.levels: {}")).hasSize(2);
        assertThat(levels(earlier, "lynx.log.levels: {io.lynx: ~}")).isEqualTo(Map.of("io.lynx.http", "debug"));
    }

    private static Map<String, String> levels(String earlier, String later) {
        return load(earlier, later).bind(LEVELS).orThrow().get(LEVELS).levels();
    }

    @Test
    void aRequiredKeyOfARemovedSectionIsMissing() {
        assertThat(load("lynx.pool.url: x", "lynx.pool: ~").bind(POOL).problems())
                .extracting(ConfigurationException.ConfigProblem::message)
                .containsExactly("lynx.pool.url: missing; set it in config.yml, by LYNX_POOL_URL or by"
                        + " --lynx.pool.url=VALUE");
    }
}
