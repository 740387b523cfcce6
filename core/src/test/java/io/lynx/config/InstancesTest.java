package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names that users choose for sections directly below another section. */
class InstancesTest {
    private static final ConfigSection<Server> SECTION = ConfigSection.of("lynx.servers", Server.class);

    record Server(String url, @Default("1") int size, Tls tls) {}

    record Tls(@Default("false") boolean enabled) {}

    private static List<String> instances(String yaml) {
        return ConfigSources.none().yaml("test", yaml).load().instances(SECTION);
    }

    @Test
    void sectionsAreNamesInTheOrderOfTheFile() {
        assertThat(instances("lynx: {servers: {b: {url: x}, a.url: y}}")).containsExactly("b", "a");
    }

    @Test
    void keysOfTheRecordStandForTheSectionItself() {
        assertThat(instances("lynx: {servers: {url: x, tls: {enabled: true}, orders: {url: y}}}"))
                .containsExactly("", "orders");
    }

    @Test
    void aMistakenKeyIsNoName() {
        assertThat(instances("lynx: {servers: {urll: x}}")).isEmpty();
        assertThat(instances("lynx: {}")).isEmpty();
    }

    @Test
    void anEnvironmentVariableCountsForTheSectionItself() {
        Config config = ConfigSources.none()
                .environment(Map.of("LYNX_SERVERS_URL", "x", "LYNX_SERVERS_ORDERS_URL", "y"))
                .load();

        assertThat(config.instances(SECTION)).containsExactly("");
    }
}
