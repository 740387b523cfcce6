package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The restart of an optional plugin that does not start again. */
class FailedRestartTest {
    private static final class Once implements Plugin {
        private final AtomicInteger starts = new AtomicInteger();

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("once").optional().build();
        }

        @Override
        public void start(PluginContext context) {
            if (starts.incrementAndGet() > 1) {
                throw new IllegalStateException("it starts once");
            }
        }
    }

    @Test
    void isNotAnsweredAsDone() throws Exception {
        AdminPlugin admin = new AdminPlugin();
        try (Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .set("lynx.metrics.prometheus.host", "127.0.0.1")
                .set("lynx.metrics.prometheus.port", "0")
                .set("lynx.admin.allow_changes", "true")
                .plugin(admin)
                .plugin(new Once())
                .build()) {
            application.start();

            RawHttp.Answer answer = new RawHttp(admin.url()).send("POST", "/debug/plugins/once/restart");

            assertThat(answer.status()).isEqualTo(500);
        }
    }
}
