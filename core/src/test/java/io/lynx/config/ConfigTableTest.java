package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigTableTest {
    @Test
    void printsTheEffectiveConfiguration() throws Exception {
        Binding binding = ConfigSources.none()
                .yaml(
                        "config.yml",
                        SeedConfigurationTest.COMPLETE
                                + "    breakers:\n      orders.db: {threshold: 2}\n  events.buses.audit.overflow: drop_oldest\n")
                .environment(Map.of("LYNX_METRICS_PORT", "0", "LYNX_SHUTDOWN_TIMEOUT", "45s"))
                .systemProperties(Map.of("lynx.metrics.max_series", "50"))
                .args("--lynx.metrics.buckets.lynx_request_duration_seconds=0.1,0.5,2")
                .load()
                .bind(SeedConfigurationTest.SECTIONS, Map.of())
                .orThrow();

        assertThat(ConfigTable.print(binding.table())).isEqualTo(golden("effective-configuration.txt"));
    }

    @Test
    void printsOnlyTheHeaderWithoutValues() {
        assertThat(ConfigTable.print(List.of())).isEqualTo("KEY  VALUE  DEFAULT  SOURCE\n");
    }

    private static String golden(String name) throws Exception {
        try (InputStream in = Objects.requireNonNull(ConfigTableTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
