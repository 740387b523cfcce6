package io.lynx.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.Await;
import io.lynx.testkit.StablePort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A start that is cancelled while a listener opens: on a busy machine, that may take long. */
class CancelledOpeningTest {
    private static final int ALL_LOOPS = Runtime.getRuntime().availableProcessors() + 1;

    private final Engine engine = Engine.create();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void block(Stream stream) {
        blocked.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProtocolServer.answer(stream, "released");
    }

    private Listener listener(int port, int eventLoops) {
        ListenerConfig config = new ListenerConfig(
                "test",
                "lynx.test",
                "127.0.0.1",
                port,
                Optional.empty(),
                eventLoops,
                100,
                100,
                false,
                16 * 1024,
                8 * 1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                List.of(),
                false,
                Duration.ofMillis(20));
        return engine.listener(ProtocolServer.spec(config, ProtocolServer.handler(this::block)));
    }

    private static FutureTask<Void> opening(Listener listener) {
        return new FutureTask<>(() -> {
            listener.open();
            return null;
        });
    }

    @Test
    void anInterruptedThreadOpensNothing() throws Exception {
        int port = StablePort.find();
        FutureTask<Void> opening = opening(listener(port, 1));
        Thread _ = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            opening.run();
        });

        assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);

        Listener next = listener(port, 1);
        next.open();
        assertThat(next.port()).isEqualTo(port);
        next.close();
    }

    @Test
    void doesNotWaitForABindThatCannotBeInterruptedAndFreesThePortAfterIt() throws Exception {
        Listener busy = listener(0, 1);
        busy.open();
        try (WireClient client = new WireClient(busy.port())) {
            client.request("/");
            assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
            int port = StablePort.find();
            FutureTask<Void> opening = opening(listener(port, ALL_LOOPS));
            Thread opener = Thread.ofPlatform().start(opening);
            Await.until("it waits for the bind on the event loop that is blocked", () -> isWaiting(opener));

            opener.interrupt();

            assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(released.getCount())
                    .as("the event loop is still blocked")
                    .isOne();
            released.countDown();

            assertThat(client.answer().status()).isEqualTo(200);
            Await.until("the port is free", () -> {
                Listener next = listener(port, 1);
                next.open();
                next.close();
                return true;
            });
        } finally {
            released.countDown();
            busy.close();
        }
    }

    private static boolean isWaiting(Thread opener) {
        for (StackTraceElement frame : opener.getStackTrace()) {
            if (frame.getMethodName().equals("await") && frame.getClassName().endsWith("ListenerOpening")) {
                return opener.getState() == Thread.State.TIMED_WAITING;
            }
        }
        return false;
    }
}
