package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The usage of production metrics as operators were first shown it, call by call. */
class SeedMetricsExampleTest {
    @Test
    void recordsWhatTheFirstExampleRecords() {
        // Create production-level monitoring metrics
        ProductionMetrics productionMetrics = ProductionMetrics.builder().build();
        productionMetrics.start();
        try {
            // Record plugin health status
            productionMetrics.recordPluginHealth("my-plugin", "plugin-1", true);

            // Record plugin operation latency
            productionMetrics.recordPluginLatency("my-plugin", "plugin-1", "operation", Duration.ofMillis(100));

            // Record event publishing
            productionMetrics.recordEventPublished("user-created", "business-bus");

            // Record HTTP requests
            productionMetrics.recordRequest("POST", "/api/users", "200", "http", Duration.ofMillis(50), 1024, 2048);

            // Record cache hits
            productionMetrics.recordCacheHit("user-cache");

            // Record database queries
            productionMetrics.recordDbQuery("mysql", "read", "get_user", Duration.ofMillis(10));

            // Get metrics snapshot
            MetricsSnapshot snapshot = productionMetrics.snapshot();

            assertThat(snapshot.find(
                            "lynx_plugin_health_status", Map.of("plugin_name", "my-plugin", "plugin_id", "plugin-1")))
                    .hasValueSatisfying(one -> assertThat(one.value()).isOne());
            assertThat(snapshot.find("lynx_cache_hits_total", Map.of("cache_name", "user-cache")))
                    .hasValueSatisfying(one -> assertThat(one.value()).isOne());
            assertThat(snapshot.find(
                            "lynx_db_query_duration_seconds",
                            Map.of("database", "mysql", "type", "read", "operation", "get_user")))
                    .hasValueSatisfying(one -> assertThat(one.sum()).isEqualTo(.01));
            assertThat(snapshot.find(
                            "lynx_requests_total",
                            Map.of("method", "POST", "path", "/api/users", "status_code", "200", "protocol", "http")))
                    .isPresent();
        } finally {
            productionMetrics.stop();
        }
    }
}
