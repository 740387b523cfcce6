package io.lynx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginStatus;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.junit.jupiter.api.Test;

/** The plugin as an application finds, starts, restarts and stops it. */
final class ApplicationMetersTest {
    /** Counts its starts. */
    private static final class Orders implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("orders").requires(MicrometerPlugin.ID).build();
        }

        @Override
        public void start(PluginContext context) {
            context.resource(MicrometerPlugin.REGISTRY).counter("orders.starts").increment();
        }
    }

    private static Application.Builder application() {
        return Application.builder().set("lynx.application.name", "shop").set("lynx.application.version", "1.2.3");
    }

    private static boolean shows(Application application, String name) {
        return application.metrics().registry().scrape().stream()
                .map(MetricSnapshot::getMetadata)
                .anyMatch(metadata -> metadata.getPrometheusName().equals(name));
    }

    @Test
    void showsMetersOfAPluginAndShowsThemAgainAfterARestart() throws Exception {
        try (Application application = application()
                        .plugin(new Orders())
                        .set("lynx.micrometer.tags.zone", "b")
                        .build();
                Application other =
                        application().set("lynx.micrometer.step", "30s").build()) {
            application.start();
            other.start();
            assertThat(shows(application, "orders_starts")).isTrue();
            assertThat(shows(other, "orders_starts")).isFalse();

            application.restart(MicrometerPlugin.ID);

            assertThat(shows(application, "orders_starts")).isTrue();
            assertThat(application.stop().isClean()).isTrue();
            assertThat(other.stop().isClean()).isTrue();
        }
    }

    @Test
    void isNotStartedWithoutItsSection() throws Exception {
        try (Application application = application().build()) {
            application.start();

            assertThat(application.plugins()).extracting(PluginStatus::id).doesNotContain(MicrometerPlugin.ID);
        }
    }
}
