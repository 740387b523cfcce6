package io.lynx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.app.ApplicationState;
import io.lynx.app.StartException;
import io.lynx.plugin.PluginContext;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin that hangs does not hang the test, whatever the time of the application is. */
class HangingPluginTest {
    /** In which an application starts even on a busy machine. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final CountDownLatch released = new CountDownLatch(1);

    private void hang(PluginContext context) throws InterruptedException {
        released.await();
    }

    private LynxTest.Builder hanging(boolean isManual) {
        LynxTest.Builder test = LynxTest.of(FakePlugin.named("innocent"), FakePlugin.starting("orders", this::hang))
                .patience(SHORT);
        return isManual ? test.manualTime() : test;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStartThatHangsIsNamed(boolean isManual) {
        LynxTest lynx = hanging(isManual).build();

        assertThatThrownBy(lynx::start)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the application is not READY after 3000 ms; plugin 'orders' is in start(), at"
                        + " io.lynx.testkit.HangingPluginTest.hang(HangingPluginTest.java:");
        Await.until("the application has ended", () -> lynx.application().state() == ApplicationState.STOPPED);
        lynx.close();
    }

    @Test
    void aStartThatIgnoresTheInterruptEndsByItsOwnDeadlineOnManualTime() {
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", _ -> {
                    while (released.getCount() > 0) {
                        try {
                            released.await();
                        } catch (InterruptedException ignored) {
                            // goes on
                        }
                    }
                }))
                .patience(SHORT)
                .manualTime()
                .build();

        assertThatThrownBy(lynx::start).hasMessageContaining("plugin 'orders' is in start()");
        released.countDown();
        lynx.close();
    }

    @Test
    void setupThatHangsIsNamed() {
        LynxTest lynx = LynxTest.application(_ -> {
                    try {
                        released.await();
                    } catch (InterruptedException given) {
                        Thread.currentThread().interrupt();
                    }
                })
                .patience(SHORT)
                .build();

        assertThatThrownBy(lynx::start)
                .hasMessageStartingWith("the application is not READY after 3000 ms; it is at"
                        + " io.lynx.testkit.HangingPluginTest.lambda$");
        lynx.close();
    }

    @Test
    void aTestCanStartAgainAfterAFailedStart() {
        AtomicInteger starts = new AtomicInteger();
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", _ -> {
                    if (starts.incrementAndGet() == 1) {
                        throw new IllegalStateException("no database");
                    }
                }))
                .build();

        assertThatThrownBy(lynx::start).isInstanceOf(StartException.class);
        lynx.start();

        assertThat(lynx.application().state()).isEqualTo(ApplicationState.READY);
        lynx.close();
    }

    @Test
    void aCheckThatHangsDoesNotKeepAnApplicationOnManualTimeFromStarting() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders")).manualTime().build();
        lynx.faults().hangHealth("orders");

        lynx.start();

        assertThat(lynx.application().state()).isEqualTo(ApplicationState.READY);
        lynx.close();
    }

    @Test
    void aStopThatHangsOnManualTimeEndsByTheDeadlineOfTheShutdown() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders").stopping(_ -> {
                    while (released.getCount() > 0) {
                        try {
                            released.await();
                        } catch (InterruptedException ignored) {
                            // goes on
                        }
                    }
                }))
                .patience(SHORT)
                .manualTime()
                .start();

        assertThatThrownBy(lynx::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("plugin 'orders' is ABANDONED")
                .hasMessageContaining("HangingPluginTest");
        released.countDown();
    }

    @Test
    void aStopThatHangsOnRealTimeIsNamed() {
        LynxTest lynx = LynxTest.of(FakePlugin.named("orders").stopping(_ -> released.await()))
                .patience(SHORT)
                .start();

        assertThatThrownBy(lynx::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the shutdown has not ended after 3000 ms: [plugin 'orders' is STOPPING after")
                .hasMessageContaining("HangingPluginTest");
        released.countDown();
        Await.until("the application has ended", () -> lynx.application().state() == ApplicationState.STOPPED);
    }

    @Test
    void aRestartThatHangsIsNamed() {
        AtomicInteger starts = new AtomicInteger();
        LynxTest lynx = LynxTest.of(FakePlugin.starting("orders", context -> {
                    if (starts.incrementAndGet() > 1) {
                        hang(context);
                    }
                }))
                .patience(SHORT)
                .start();

        assertThatThrownBy(() -> lynx.restart("orders"))
                .hasMessageStartingWith(
                        "plugin 'orders' has not restarted after 3000 ms; plugin 'orders' is in start(), at");
        released.countDown();
        lynx.stop();
        lynx.close();
    }
}
