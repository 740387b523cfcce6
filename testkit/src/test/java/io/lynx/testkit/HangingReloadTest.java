package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ReloadReport;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HangingReloadTest {
    private static final String RELOAD = "Reload of the configuration has not returned for ";

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Hangs when it is described, except at the start. */
    private final class Shop implements Plugin {
        private volatile boolean isStarted;

        @Override
        public PluginDescriptor descriptor() {
            if (isStarted) {
                entered.countDown();
                awaitRelease();
            }
            return PluginDescriptor.of("shop").build();
        }

        private void awaitRelease() {
            try {
                released.await();
            } catch (InterruptedException givenUp) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void start(PluginContext context) {
            isStarted = true;
        }

        @Override
        public void stop(Deadline deadline) {
            isStarted = false;
        }
    }

    @Test
    void aReloadThatDoesNotReturnIsNamedOnceAMinute() throws Exception {
        try (LynxTest lynx = LynxTest.of(new Shop()).manualTime().start()) {
            FutureTask<ReloadReport> reload = new FutureTask<>(lynx.application()::reload);
            Thread _ = Thread.ofPlatform().name("reloader").start(reload);
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

            lynx.advance(Duration.ofSeconds(59));
            assertThat(lynx.logs().containing(RELOAD)).isEmpty();
            lynx.advance(Duration.ofSeconds(1));
            LogLine line =
                    lynx.logs().await(RELOAD + "60 s while calling descriptor() of plugin " + Shop.class.getName());
            assertThat(line.toString()).contains("thread=reloader", "HangingReloadTest$Shop.awaitRelease(");
            lynx.advance(Duration.ofMinutes(1));
            var _ = lynx.logs().await(RELOAD + "120 s while ");
            assertThatThrownBy(lynx.application()::reload)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "another reload is in progress for 120000 ms while calling descriptor() of plugin "
                                    + Shop.class.getName() + ", at ")
                    .hasMessageContaining("HangingReloadTest$Shop.awaitRelease(");

            released.countDown();
            assertThat(reload.get(20, TimeUnit.SECONDS).applied()).isEmpty();
            assertThat(lynx.application().reload().applied()).isEmpty();
            lynx.advance(Duration.ofMinutes(2));
            assertThat(lynx.logs().containing(RELOAD)).hasSize(2);
        }
    }
}
