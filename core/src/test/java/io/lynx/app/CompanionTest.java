package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigurationException;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginStatus;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CompanionTest {
    /** A plugin that requires and brings others. */
    private record Bringing(String id, String required, Supplier<List<Plugin>> brought) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            PluginDescriptor.Builder described = PluginDescriptor.of(id);
            return required.isEmpty()
                    ? described.build()
                    : described.requires(required).build();
        }

        @Override
        public List<Plugin> companions() {
            return brought.get();
        }

        @Override
        public void start(PluginContext context) {}
    }

    private static Application application(Plugin... plugins) {
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3");
        for (Plugin plugin : plugins) {
            builder.plugin(plugin);
        }
        return builder.build();
    }

    private static Plugin server(String id, Plugin listener) {
        return new Bringing(id, "listener", () -> List.of(listener));
    }

    @Test
    void companionsAreAddedOnce() throws Exception {
        RecordingPlugin first = RecordingPlugin.named("listener");
        RecordingPlugin second = RecordingPlugin.named("listener");
        Application application = application(server("http", first), server("grpc", second));

        application.start();

        assertThat(application.plugins())
                .extracting(PluginStatus::id)
                .containsExactlyInAnyOrder("listener", "http", "grpc");
        assertThat(first.context).isNotNull();
        assertThat(second.context).isNull();
        application.stop();
    }

    @Test
    void aGivenPluginReplacesACompanion() throws Exception {
        RecordingPlugin given = RecordingPlugin.named("listener");
        RecordingPlugin brought = RecordingPlugin.named("listener");
        Application application = application(server("http", brought), given);

        application.start();

        assertThat(given.context).isNotNull();
        assertThat(brought.context).isNull();
        application.stop();
    }

    @Test
    void companionsAddTheirOwnCompanions() throws Exception {
        RecordingPlugin loops = RecordingPlugin.named("loops");
        Plugin listener = new Bringing("listener", "loops", () -> List.of(loops));
        Application application = application(server("http", listener));

        application.start();

        assertThat(loops.context).isNotNull();
        application.stop();
    }

    @Test
    void companionsThatCannotBeCreatedAreReported() {
        Plugin broken = new Bringing("http", "", () -> {
            throw new IllegalStateException("no class");
        });

        assertThatThrownBy(() -> application(broken).start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("plugin 'http': companions() failed: java.lang.IllegalStateException: no class");
    }
}
