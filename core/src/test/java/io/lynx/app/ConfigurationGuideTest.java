package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.Binding;
import io.lynx.config.ConfigurationException;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Secret;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/guide/configuration.md}. */
class ConfigurationGuideTest {
    // snippet: configuration-record
    record StoreConfig(
            @Doc("Directory of the files.") @Default("/var/lib/store")
            String directory,

            @Doc("Maximum number of open files.") @Default("10") @Range(min = "1", max = "100")
            int maxFiles,

            @Doc("Time limit of one write.") @Default("2s") Duration timeout,

            @Doc("Key that encrypts the files.") @Secret @Nullable
            String encryptionKey) {}
    // end

    /** Stores files. */
    record Store(StoreConfig config) implements AutoCloseable {
        @Override
        public void close() {}
    }

    // snippet: configuration-plugin
    static final class StorePlugin implements Plugin {
        private @Nullable Store store;

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("store")
                    .config("shop.store", StoreConfig.class)
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            StoreConfig config = context.config(StoreConfig.class);
            store = context.own(new Store(config));
        }
    }
    // end

    private static Application.Builder shop(StorePlugin plugin) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .plugin(plugin);
    }

    @Test
    void thePluginReadsItsSection() {
        StorePlugin plugin = new StorePlugin();
        try (Application application = shop(plugin)
                .configure(sources -> sources.yaml("config.yml", """
                    shop:
                      store:
                        directory: /data/store
                        timeout: 5s
                    """))
                .args("--shop.store.max_files=20")
                .build()) {
            application.start();

            assertThat(plugin.store)
                    .isEqualTo(new Store(new StoreConfig("/data/store", 20, Duration.ofSeconds(5), null)));
        }
    }

    @Test
    void aWrongValueIsReportedWithItsOrigin() {
        try (Application application = shop(new StorePlugin())
                .configure(sources -> sources.yaml("config.yml", """
                    shop:
                      store:
                        max_files: 500
                        timeuot: 5s
                    """))
                .build()) {
            assertThatThrownBy(application::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("shop.store.max_files: '500' is out of range (config.yml:3); 1 to 100")
                    .hasMessageContaining("shop.store.timeuot: unknown (config.yml:4); did you mean 'timeout'?");
        }
    }

    @Test
    void aTestGetsTheDefaults() {
        // snippet: configuration-defaults
        StoreConfig config = Binding.defaults(StoreConfig.class);
        // end

        assertThat(config).isEqualTo(new StoreConfig("/var/lib/store", 10, Duration.ofSeconds(2), null));
    }
}
