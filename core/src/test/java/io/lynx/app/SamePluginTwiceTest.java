package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import org.junit.jupiter.api.Test;

/** Plugins that are the same, or equal, are two registrations of one id. */
class SamePluginTwiceTest {
    private record Equal(String id) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of(id).build();
        }

        @Override
        public void start(PluginContext context) {}
    }

    private static void assertRefused(Plugin first, Plugin second) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(first)
                .plugin(second)
                .build();

        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, application::start);

        assertThat(refused.problems())
                .extracting(ConfigProblem::message)
                .containsExactly(
                        "plugin 'cache': two plugins have this id ('cache' 1.0.0 and 'cache' 1.0.0); give one of"
                                + " them another id or remove it");
    }

    @Test
    void refusesTheSameInstanceTwice() {
        Plugin plugin = RecordingPlugin.named("cache");

        assertRefused(plugin, plugin);
    }

    @Test
    void refusesEqualRecords() {
        assertRefused(new Equal("cache"), new Equal("cache"));
    }
}
