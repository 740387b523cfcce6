package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.health.HealthCheckConfig;
import io.lynx.metrics.MetricsConfig;
import io.lynx.resilience.CircuitBreakerSection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentVariablesTest {
    private static final ConfigSection<Log> LOG = ConfigSection.of("lynx.log", Log.class);
    private static final ConfigSection<Orders> ORDERS = ConfigSection.of("orders-service", Orders.class);

    private static final ConfigSection<Inventory> INVENTORY = ConfigSection.of("shop.inventory", Inventory.class);

    record Inventory(
            String serviceHost,
            int servicePort,
            @Key("port_80_tcp") String port80Tcp) {}

    record Log(@Default("info") String level, Map<String, String> levels) {}

    record Orders(
            @Default("") List<String> trustedProxies,
            @Default("1, 2") List<Integer> sizes) {}

    private static Binding bind(String yaml, Map<String, String> environment, ConfigSection<?>... sections) {
        return ConfigSources.none()
                .yaml("config.yml", yaml)
                .environment(environment)
                .load()
                .bind(sections);
    }

    @Test
    void freelyChosenNamesAreLowerCasedAndDotted() {
        Binding binding =
                bind("", Map.of("LYNX_LOG_LEVELS_IO_LYNX_HTTP", "debug", "LYNX_LOG_LEVELS_MY__APP", "warn"), LOG);

        assertThat(binding.orThrow().get(LOG).levels()).isEqualTo(Map.of("io.lynx.http", "debug", "my-app", "warn"));
    }

    @Test
    void namesThatAFileMentionsAreMatched() {
        String yaml = "lynx.circuit_breaker.breakers: {orders_db: {threshold: 3}, mail.relay: {threshold: 4}}";

        Binding binding = bind(
                yaml,
                Map.of(
                        "LYNX_CIRCUIT_BREAKER_BREAKERS_ORDERS_DB_THRESHOLD", "7",
                        "LYNX_CIRCUIT_BREAKER_BREAKERS_MAIL_RELAY_HALF_OPEN_LIMIT", "8",
                        "LYNX_CIRCUIT_BREAKER_BREAKERS_NEW_ONE_WINDOW_MINIMUM_CALLS", "9"),
                CircuitBreakerSection.SECTION);

        Map<String, CircuitBreakerSection.Breaker> breakers =
                binding.orThrow().get(CircuitBreakerSection.SECTION).breakers();
        assertThat(breakers).containsOnlyKeys("orders_db", "mail.relay", "new.one");
        assertThat(breaker(breakers, "orders_db").threshold()).isEqualTo(7);
        assertThat(breaker(breakers, "mail.relay").halfOpenLimit()).isEqualTo(8);
        assertThat(breaker(breakers, "mail.relay").threshold()).isEqualTo(4);
        assertThat(breaker(breakers, "new.one").window()).isNotNull();
    }

    private static CircuitBreakerSection.Breaker breaker(
            Map<String, CircuitBreakerSection.Breaker> breakers, String name) {
        return Objects.requireNonNull(breakers.get(name));
    }

    @Test
    void listsAreWrittenWithCommas() {
        Binding binding = bind(
                "",
                Map.of("ORDERS_SERVICE_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.0.0/16", "ORDERS_SERVICE_SIZES", "3"),
                ORDERS);

        assertThat(binding.orThrow().get(ORDERS))
                .isEqualTo(new Orders(List.of("10.0.0.0/8", "192.168.0.0/16"), List.of(3)));
        assertThat(bind("", Map.of(), ORDERS).get(ORDERS)).isEqualTo(new Orders(List.of(), List.of(1, 2)));
    }

    @Test
    void emptyVariableCountsAsNotSet() {
        Binding binding = bind("lynx.log.level: warn", Map.of("LYNX_LOG_LEVEL", ""), LOG);

        assertThat(binding.orThrow().get(LOG).level()).isEqualTo("warn");
    }

    @Test
    void variablesThatSetNothingAreWarnings() {
        Binding binding = ConfigSources.none()
                .environment(Map.of(
                        "LYNX_LOG_LEVLE", "debug",
                        "LYNX_GRPC_PORT", "1",
                        "LYNX_HOME", "/opt",
                        "OTHER_LOG_LEVEL", "x"))
                .load()
                .bind(List.of(LOG), Map.of("lynx.grpc", "lynx-grpc"));

        assertThat(binding.problems()).isEmpty();
        assertThat(binding.warnings())
                .containsExactly(
                        "LYNX_GRPC_PORT sets nothing; it belongs to lynx-grpc, which is not installed",
                        "LYNX_HOME sets nothing; no key has this variable",
                        "LYNX_LOG_LEVLE sets nothing; did you mean LYNX_LOG_LEVEL?");
    }

    @Test
    void theVariableNamedAfterTheKeyOverridesTheAlternativeOne() {
        Binding binding =
                bind("", Map.of("LYNX_METRICS_PORT", "1", "LYNX_METRICS_PROMETHEUS_PORT", "2"), MetricsConfig.SECTION);

        assertThat(binding.get(MetricsConfig.SECTION).prometheus().port()).isEqualTo(2);
        assertThat(binding.warnings())
                .containsExactly("LYNX_METRICS_PORT: not used, since LYNX_METRICS_PROMETHEUS_PORT sets"
                        + " lynx.metrics.prometheus.port too; keep one of the two");
    }

    @Test
    void kubernetesServiceVariablesAreNotConfiguration() {
        Binding binding = bind(
                "",
                Map.of(
                        "LYNX_METRICS_PORT", "tcp://10.0.0.7:80",
                        "LYNX_METRICS_PORT_80_TCP", "tcp://10.0.0.7:80",
                        "LYNX_METRICS_PORT_80_TCP_ADDR", "10.0.0.7",
                        "LYNX_METRICS_SERVICE_HOST", "10.0.0.7",
                        "LYNX_METRICS_SERVICE_PORT_HTTP", "80"),
                MetricsConfig.SECTION);

        assertThat(binding.orThrow().warnings()).isEmpty();
        assertThat(binding.get(MetricsConfig.SECTION).prometheus().port()).isEqualTo(9090);
    }

    @Test
    void variablesThatOnlyEndLikeThoseOfKubernetesAreConfiguration() {
        Binding binding = bind(
                "",
                Map.of(
                        "SHOP_INVENTORY_SERVICE_HOST", "inventory.local",
                        "SHOP_INVENTORY_SERVICE_PORT", "8443",
                        "SHOP_INVENTORY_PORT_80_TCP", "yes",
                        "OTHER_PORT", "tcp://10.0.0.7:80"),
                INVENTORY);

        assertThat(binding.orThrow().get(INVENTORY)).isEqualTo(new Inventory("inventory.local", 8443, "yes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://10.0.0.7:80", "udp://[fd00::7]:80", "sctp://10.0.0.7:80"})
    void theVariablesOfAnAnnouncedServiceAreNotConfiguration(String address) {
        Binding binding = bind(
                "shop.inventory: {service_host: here, service_port: 1, port_80_tcp: no}",
                Map.of(
                        "SHOP_INVENTORY_PORT",
                        address,
                        "SHOP_INVENTORY_PORT_80_TCP",
                        address,
                        "SHOP_INVENTORY_SERVICE_HOST",
                        "10.0.0.7",
                        "SHOP_INVENTORY_SERVICE_PORT",
                        "80"),
                INVENTORY);

        assertThat(binding.orThrow().get(INVENTORY)).isEqualTo(new Inventory("here", 1, "no"));
    }

    @Test
    void settingsOfANamedHealthCheckAreRecognized() {
        Binding binding = bind(
                "lynx.health_check.checks.db.mysql.interval: 10s",
                Map.of("LYNX_HEALTH_CHECK_CHECKS_DB_MYSQL_TIMEOUT", "2s"),
                HealthCheckConfig.SECTION);

        HealthCheckConfig.Check check =
                binding.orThrow().get(HealthCheckConfig.SECTION).checks().get("db.mysql");
        assertThat(check).isNotNull();
        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(check.timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void noTwoKeysShareAVariable() {
        Set<String> seen = new HashSet<>();

        for (ConfigSection<?> section : SeedConfigurationTest.SECTIONS) {
            for (ConfigKey key : ConfigKey.of(section)) {
                assertThat(key.variables()).allMatch(seen::add);
                assertThat(key.doc().isEmpty()).isEqualTo(section.prefix().matches("lynx.(application|shutdown)"));
            }
        }
        assertThat(seen).contains("LYNX_METRICS_PORT", "LYNX_ERROR_THRESHOLD").hasSizeGreaterThan(60);
    }
}
