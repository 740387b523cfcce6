package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigurationException;
import io.lynx.config.Default;
import io.lynx.plugin.PluginDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailingReloadTest {
    @TempDir
    private Path directory;

    record Shop(@Default("1") int tills) {}

    /** A failure that not even its message can be read of. */
    private static final class Unreadable extends RuntimeException {
        @Override
        public String getMessage() {
            throw this;
        }
    }

    private void write(String yaml) throws IOException {
        Files.writeString(directory.resolve("config.yml"), yaml);
    }

    @Test
    void aRefusalByAnUnreadableExceptionIsLogged() throws Exception {
        FakePlugin shop = FakePlugin.starting(
                PluginDescriptor.of("shop").config("shop", Shop.class).build(), context -> {
                    var _ = context.onReload(
                            Shop.class,
                            _ -> {
                                throw new Unreadable();
                            },
                            "tills");
                });
        write("shop: {tills: 1}");
        try (LynxTest lynx = LynxTest.application(application -> application
                        .discoverPlugins(false)
                        .plugin(shop)
                        .configure(sources -> {
                            var _ = sources.workingDirectory(directory);
                        }))
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1.0")
                .start()) {
            write("shop: {tills: 2}");

            assertThatThrownBy(lynx.application()::reload).isInstanceOf(ConfigurationException.class);

            LogLine line = lynx.logs().await("Configuration refused; the one in force stays in force");
            assertThat(line.toString()).contains("configuration: could not be applied; " + Unreadable.class.getName());
        }
    }
}
