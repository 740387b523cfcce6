package io.lynx.transport.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.plugin.InFlight;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.lynx.transport.Listener;
import io.lynx.transport.ProtocolServer;
import io.lynx.transport.engine.connection.ListenerState;
import io.lynx.transport.engine.connection.OpenFilesLimit;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The end of a listener that threads drain and close at the same time. */
class ListenerPhaseTest {
    private static final int ROUNDS = 20;

    private final VertxEngine engine = new VertxEngine();

    private Listener open() throws Exception {
        Listener listener =
                engine.listener(ProtocolServer.spec(ProtocolServer.config(10, null), ProtocolServer.handler(_ -> {})));
        listener.open();
        return listener;
    }

    private static FutureTask<Void> together(CyclicBarrier barrier, UncheckedStep step) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            barrier.await(20, TimeUnit.SECONDS);
            step.run();
            return null;
        });
        Thread _ = Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private interface UncheckedStep {
        void run() throws Exception;
    }

    @Test
    void aPhaseNeverGoesBack() {
        ListenerState state = new ListenerState(
                ProtocolServer.spec(ProtocolServer.config(10, null), ProtocolServer.handler(_ -> {})),
                new InFlight(),
                _ -> {},
                new OpenFilesLimit().enter(ProtocolServer.config(10, null)));

        assertThat(state.advance(ListenerState.Phase.ANNOUNCED)).isTrue();
        assertThat(state.advance(ListenerState.Phase.ANNOUNCED)).isFalse();
        assertThat(state.advance(ListenerState.Phase.CLOSED)).isTrue();
        assertThat(state.advance(ListenerState.Phase.DRAINING)).isFalse();
        assertThat(state.advance(ListenerState.Phase.CLOSED)).isFalse();
        assertThat(state.phase()).isEqualTo(ListenerState.Phase.CLOSED);
    }

    @Test
    void aListenerIsReleasedOnce() throws Exception {
        VertxEngine.Share other = engine.acquire(1);
        for (int i = 0; i < ROUNDS; i++) {
            Listener listener = open();
            CyclicBarrier barrier = new CyclicBarrier(3);
            FutureTask<Void> drain =
                    together(barrier, () -> listener.drain(Deadline.after(Duration.ZERO, Ticker.system())));
            FutureTask<Void> announce = together(barrier, listener::announceStop);
            FutureTask<Void> close = together(barrier, listener::close);
            drain.get(20, TimeUnit.SECONDS);
            announce.get(20, TimeUnit.SECONDS);
            close.get(20, TimeUnit.SECONDS);

            listener.close();
            assertThat(listener.port()).as("round " + i).isZero();
            assertThat(other.loops().getFirst().isShuttingDown())
                    .as("round " + i)
                    .isFalse();
        }
        engine.release();
        assertThat(other.loops().getFirst().terminationFuture().await(20, TimeUnit.SECONDS))
                .isTrue();
    }
}
