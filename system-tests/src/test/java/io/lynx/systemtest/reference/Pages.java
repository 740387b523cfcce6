package io.lynx.systemtest.reference;

import io.lynx.admin.AdminConfig;
import io.lynx.app.ApplicationConfig;
import io.lynx.app.LogConfig;
import io.lynx.app.ShutdownConfig;
import io.lynx.app.StartupConfig;
import io.lynx.app.reload.ReloadConfig;
import io.lynx.config.ConfigKey;
import io.lynx.config.ConfigSection;
import io.lynx.event.EventsConfig;
import io.lynx.event.bridge.BridgeConfig;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.grpc.GrpcConfig;
import io.lynx.grpc.client.GrpcClientConfig;
import io.lynx.health.HealthCheckConfig;
import io.lynx.http.HttpConfig;
import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.HttpClientPlugin;
import io.lynx.jdbc.JdbcConfig;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.InboxConfig;
import io.lynx.jdbc.outbox.OutboxConfig;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.kafka.KafkaConfig;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.leadership.LeadershipConfig;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricsConfig;
import io.lynx.micrometer.MicrometerConfig;
import io.lynx.openapi.OpenApiConfig;
import io.lynx.opentelemetry.OpenTelemetryConfig;
import io.lynx.opentelemetry.OpenTelemetryPlugin;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.redis.RedisConfig;
import io.lynx.redis.RedisPlugin;
import io.lynx.resilience.CircuitBreakerSection;
import io.lynx.security.http.SecurityConfig;
import io.lynx.security.http.SecurityPlugin;
import io.lynx.transport.ListenerSection;
import io.lynx.transport.TlsMetrics;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Generates the reference pages. */
final class Pages {
    private static final String MADE = "<!-- Made from the code by ./build docs; do not edit. -->\n\n";

    private static final List<ConfigSection<?>> SECTIONS = List.of(
            ConfigSection.of("lynx.application", ApplicationConfig.class),
            ConfigSection.of("lynx.startup", StartupConfig.class),
            ConfigSection.of("lynx.shutdown", ShutdownConfig.class),
            ReloadConfig.SECTION,
            HealthCheckConfig.SECTION,
            ErrorRecoveryConfig.SECTION,
            CircuitBreakerSection.SECTION,
            EventsConfig.SECTION,
            LeadershipConfig.section("<name>"),
            ConfigSection.of("lynx.events.bridges.<name>", BridgeConfig.class),
            MetricsConfig.SECTION,
            ConfigSection.of("lynx.http", ListenerSection.class),
            ConfigSection.of("lynx.http", HttpConfig.class),
            ConfigSection.of("lynx.clients.<name>", ClientConfig.class),
            ConfigSection.of("lynx.clients.<name>", GrpcClientConfig.class),
            ConfigSection.of("lynx.jdbc.<name>", JdbcConfig.class),
            ConfigSection.of("lynx.outbox.<name>", OutboxConfig.class),
            ConfigSection.of("lynx.inbox.<name>", InboxConfig.class),
            ConfigSection.of("lynx.kafka.<name>", KafkaConfig.class),
            ConfigSection.of("lynx.redis.<name>", RedisConfig.class),
            ConfigSection.of("lynx.admin", AdminConfig.class),
            LogConfig.SECTION,
            ConfigSection.of("lynx.grpc", GrpcConfig.class),
            ConfigSection.of("lynx.micrometer", MicrometerConfig.class),
            ConfigSection.of("lynx.openapi", OpenApiConfig.class),
            ConfigSection.of("lynx.opentelemetry", OpenTelemetryConfig.class),
            ConfigSection.of("lynx.security", SecurityConfig.class));

    /** Metrics of listeners with TLS, and of plugins that are not in the starter. */
    private static final List<Catalogue.Section> OF_PLUGINS = List.of(
            new Catalogue.Section("TLS (`lynx.http.tls`)", TlsMetrics.ALL),
            new Catalogue.Section("Clients (`HttpClientPlugin`, `GrpcClientPlugin`)", HttpClientPlugin.METRICS),
            new Catalogue.Section("OpenTelemetry (`lynx-opentelemetry`, what is enabled)", OpenTelemetryPlugin.METRICS),
            new Catalogue.Section("Security (`lynx-security`)", SecurityPlugin.METRICS),
            new Catalogue.Section("Event bridges (`lynx.events.bridges`)", BridgePlugin.METRICS),
            new Catalogue.Section("Databases (`lynx-jdbc`)", JdbcPlugin.METRICS),
            new Catalogue.Section("Outbox and inbox (`lynx-jdbc`)", OutboxPlugin.METRICS),
            new Catalogue.Section("Kafka (`lynx-kafka`)", KafkaPlugin.METRICS),
            new Catalogue.Section("Redis (`lynx-redis`)", RedisPlugin.METRICS));

    private Pages() {}

    static String metrics() {
        StringBuilder page = new StringBuilder(MADE)
                .append("# Metrics\n\n")
                .append("Every metric of the framework. [The guide](../guide/metrics.md) shows how to query them and"
                        + " how to\n")
                .append("add your own. `jvm_*` and `process_*` are those of the Prometheus library.\n");
        for (Catalogue.Section section : sections()) {
            page.append("\n## ").append(section.title()).append("\n\n");
            page.append("| name | type | labels | meaning |\n| --- | --- | --- | --- |\n");
            section.metrics().forEach(metric -> page.append(row(metric)));
        }
        return page.append("\n## Buckets\n\n")
                .append("Upper bounds of the buckets, in the unit of the metric's name. `lynx.metrics.buckets` changes"
                        + " them.\n\n")
                .append("| histogram | bounds |\n| --- | --- |\n")
                .append(sections().stream()
                        .flatMap(section -> section.metrics().stream())
                        .filter(metric -> !metric.buckets().isEmpty())
                        .map(metric -> "| `" + metric.name() + "` | " + bounds(metric) + " |\n")
                        .collect(Collectors.joining()))
                .toString();
    }

    private static List<Catalogue.Section> sections() {
        return Stream.concat(Catalogue.sections().stream(), OF_PLUGINS.stream()).toList();
    }

    private static String row(Metric metric) {
        return "| `" + metric.name() + "` | " + metric.type().name().toLowerCase(Locale.ROOT) + " | "
                + metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", ")) + " | "
                + metric.help() + " |\n";
    }

    private static String bounds(Metric metric) {
        return metric.buckets().stream()
                .map(bound -> BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString())
                .collect(Collectors.joining(", "));
    }

    static String configuration() {
        StringBuilder page = new StringBuilder(MADE)
                .append("# Configuration\n\n")
                .append("Every key of the framework with its type, default and range. [The"
                        + " guide](../guide/configuration.md) shows\n")
                .append("how to set them; [another page](configuration-sources.md) lists the sources and the forms of"
                        + " values.\n\n")
                .append("A key that is *required* must be set if its section is configured. The environment variable"
                        + " of a key is\n")
                .append("the key in upper case with `_` for dots and dashes. Below a table are the keys with a second"
                        + " variable.\n");
        // Two records may describe one section: each of its plugins reads its own keys.
        Map<String, List<ConfigKey>> sections = new LinkedHashMap<>();
        for (ConfigSection<?> section : SECTIONS) {
            sections.computeIfAbsent(title(section), _ -> new ArrayList<>()).addAll(ConfigKey.of(section));
        }
        sections.forEach((prefix, keys) -> {
            page.append("\n## ").append(prefix).append("\n\n");
            page.append("| key | type | default | range | meaning |\n| --- | --- | --- | --- | --- |\n");
            keys.forEach(key -> page.append(row(key)));
            keys.stream().filter(key -> key.variables().size() > 1).forEach(key -> page.append("\n`")
                    .append(key.key())
                    .append("` can also be set by `")
                    .append(String.join(
                            "`, `", key.variables().subList(1, key.variables().size())))
                    .append("`.\n"));
        });
        return page.toString();
    }

    /** The clients of two protocols have sections of the same name, but not of the same plugin. */
    private static String title(ConfigSection<?> section) {
        return section.type().equals(GrpcClientConfig.class) ? section.prefix() + " (gRPC)" : section.prefix();
    }

    private static String row(ConfigKey key) {
        String shown = key.isRequired() ? "required" : key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
        String secret = key.isSecret() ? " Its value is never shown." : "";
        return "| `" + key.key() + "` | " + key.type() + " | " + shown + " | " + key.range() + " | "
                + key.doc().replace("|", "\\|") + secret + " |\n";
    }
}
