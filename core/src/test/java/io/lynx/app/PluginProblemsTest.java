package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Default;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of plugins that cannot work, as the start reports them. */
class PluginProblemsTest {
    /** A plugin that is found on the class path. */
    public static final class Cache implements Plugin {
        /** Its section. */
        public record CacheConfig(@Default("10") int size) {}

        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("cache")
                    .provides("key-value", "1.0.0")
                    .config("shop.cache", CacheConfig.class)
                    .build();
        }

        @Override
        public void start(PluginContext context) {}
    }

    @TempDir
    Path folder;

    private Application application(Application.Builder builder, String... services) throws IOException {
        Path found = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.write(found.resolve(Plugin.class.getName()), List.of(services));
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before));
        try {
            return builder.build();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static Application.Builder builder(RecordingPlugin... plugins) {
        Application.Builder builder =
                Application.builder().set("lynx.application.name", "shop").set("lynx.application.version", "1.2.3");
        List.of(plugins).forEach(builder::plugin);
        return builder;
    }

    private static List<String> problems(Application application) {
        return catchThrowableOfType(ConfigurationException.class, application::start).problems().stream()
                .map(ConfigProblem::message)
                .toList();
    }

    private static RecordingPlugin requiring(String id) {
        return new RecordingPlugin("orders", it -> it.requires(id), _ -> {});
    }

    @Test
    void requiredPluginWithoutItsSectionIsDistinguishedFromAMissingOne() throws IOException {
        assertThat(problems(application(builder(requiring("cache")), Cache.class.getName())))
                .containsExactly("plugin 'orders': requires 'cache', which is on the class path but has no section"
                        + " shop.cache; add this section to the configuration");
        assertThat(problems(application(builder(requiring("key-value")), Cache.class.getName())))
                .containsExactly("plugin 'orders': requires 'key-value', which is on the class path but has no section"
                        + " shop.cache; add this section to the configuration");
        assertThat(problems(application(builder(requiring("cache")))))
                .containsExactly("plugin 'orders': requires 'cache', which is missing; add a plugin with this id or one"
                        + " that provides it");
    }

    @Test
    void lineInMetaInfServicesThatNamesNothingIsAProblem() throws IOException {
        assertThat(problems(application(builder(), "shop.Gone", Cache.class.getName())))
                .singleElement()
                .asString()
                .startsWith("plugins on the class path: ")
                .contains("shop.Gone")
                .endsWith("META-INF/services/io.lynx.plugin.Plugin names classes that implement io.lynx.plugin.Plugin");
    }

    @Test
    void timeoutOfAPluginThatDoesNotExistIsAProblem() throws IOException {
        Application application = application(builder(RecordingPlugin.named("orders"))
                .set("lynx.startup.plugin_timeouts.order", "10s")
                .set("lynx.shutdown.plugin_timeouts.stock", "10s"));

        assertThat(problems(application))
                .containsExactlyInAnyOrder(
                        "lynx.startup.plugin_timeouts.order: no plugin 'order' (code); did you mean 'orders'?",
                        "lynx.shutdown.plugin_timeouts.stock: no plugin 'stock' (code); the plugins are [orders]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lynx.startup", "lynx.shutdown"})
    void timeoutThatNoClockCanCountIsAProblem(String section) throws IOException {
        Application application = application(
                builder(RecordingPlugin.named("orders")).set(section + ".plugin_timeouts.orders", "109500d"));

        assertThat(problems(application))
                .containsExactly(section + ": plugin_timeouts.orders: PT2628000H; at most 365 days are allowed (code)");
    }

    @Test
    void pluginThatRequiresItselfIsAProblem() throws IOException {
        assertThat(problems(application(builder(requiring("orders")))))
                .containsExactly("plugin 'orders': depends on itself (REQUIRED 'orders'); remove this dependency");
    }
}
