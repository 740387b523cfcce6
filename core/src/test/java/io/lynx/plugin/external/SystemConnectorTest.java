package io.lynx.plugin.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.Application;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.health.Health;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SystemConnectorTest {
    private final CountDownLatch preparing = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicReference<@Nullable Uses> uses = new AtomicReference<>();
    private final AtomicReference<@Nullable Thread> connecting = new AtomicReference<>();

    /** The section of the plugin. */
    record ArchiveConfig(
            @Doc("What happens at the start while the archive cannot be reached.") @Default("degrade")
            StartupMode startup,

            @Doc("Time limit of one attempt to connect.") @Default("20s")
            Duration healthTimeout)
            implements ExternalSystemConfig {}

    /** A system that is not there at the start, and whose preparation takes long. */
    private final class Archive extends ExternalSystemPlugin<ArchiveConfig, Object> {
        private boolean wasProbed;

        Archive() {
            super("archive", "", ArchiveConfig.class);
        }

        @Override
        protected Object open(PluginContext context, ArchiveConfig config, Uses ofClient) {
            uses.set(ofClient);
            return new Object();
        }

        @Override
        protected synchronized Health probe(Object client, ArchiveConfig config, Deadline deadline) throws IOException {
            if (!wasProbed) {
                wasProbed = true;
                throw new IOException("connection refused");
            }
            return Health.up();
        }

        @Override
        protected void prepare(Object client, ArchiveConfig config) {
            connecting.set(Thread.currentThread());
            preparing.countDown();
            while (mayEnd.getCount() > 0) {
                try {
                    mayEnd.await();
                } catch (InterruptedException ignored) {
                    // A migration goes on when its plugin stops.
                }
            }
        }

        @Override
        protected String address(ArchiveConfig config) {
            return "archive://here";
        }

        @Override
        protected boolean isOutage(Throwable failure) {
            return failure instanceof IOException;
        }
    }

    @Test
    void connectionThatIsMadeDuringTheStopLetsNoUseBegin() throws Exception {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(new Archive())
                .build();
        application.start();
        assertThat(preparing.await(30, TimeUnit.SECONDS)).isTrue();

        var _ = application.stop();
        mayEnd.countDown();
        Objects.requireNonNull(connecting.get()).join();

        assertThatThrownBy(Objects.requireNonNull(uses.get())::begin)
                .isInstanceOf(NotConnectedException.class)
                .hasMessage("plugin 'archive': is stopping");
    }
}
