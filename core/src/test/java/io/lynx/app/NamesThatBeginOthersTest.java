package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sections whose keys contain names that users choose: one name may begin another. */
class NamesThatBeginOthersTest {
    static Stream<Arguments> sections() {
        return Stream.of(
                Arguments.of(
                        Blueprint.HEALTH,
                        "lynx.health_check.checks: {orders: {interval: 7s}, orders.database: {interval: 8s}}",
                        names(Blueprint.HEALTH, section -> section.checks())),
                Arguments.of(
                        Blueprint.BREAKERS,
                        "lynx.circuit_breaker.breakers: {orders: {threshold: 7}, orders.database: {threshold: 8}}",
                        names(Blueprint.BREAKERS, section -> section.breakers())),
                Arguments.of(
                        Blueprint.EVENTS,
                        "lynx.events.buses: {orders: {queue_size: 7}, orders.database: {queue_size: 8}}",
                        names(Blueprint.EVENTS, section -> section.buses())));
    }

    private static <T extends Record> Function<Binding, Map<String, ?>> names(
            ConfigSection<T> section, Function<T, Map<String, ?>> read) {
        return binding -> read.apply(binding.get(section));
    }

    @ParameterizedTest
    @MethodSource("sections")
    void valuesOfBothNamesAreBound(ConfigSection<?> section, String yaml, Function<Binding, Map<String, ?>> names) {
        Binding binding = ConfigSources.none()
                .yaml("config.yml", yaml)
                .load()
                .bind(section)
                .orThrow();

        Map<String, ?> values = names.apply(binding);

        assertThat(values).containsOnlyKeys("orders", "orders.database");
        assertThat(values.get("orders")).asString().contains("7");
        assertThat(values.get("orders.database")).asString().contains("8");
    }
}
