package io.lynx.transport;

import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listener on a free port of the loopback that serves one protocol. */
public final class ProtocolServer implements AutoCloseable {
    final Listener listener;

    private ProtocolServer(Listener listener) {
        this.listener = listener;
    }

    static ProtocolServer serving(Consumer<Stream> protocol) throws Exception {
        return serving(protocol, 100, null);
    }

    static ProtocolServer serving(Consumer<Stream> protocol, int maxLongLived, @Nullable TlsFiles tls)
            throws Exception {
        Listener listener = Engine.create().listener(spec(config(maxLongLived, tls), handler(protocol)));
        listener.open();
        return new ProtocolServer(listener);
    }

    /** On manual time. */
    static ProtocolServer serving(Consumer<Stream> protocol, ManualTime time) throws Exception {
        Listener listener = Engine.create()
                .listener(new ListenerSpec(
                        config(100, null),
                        handler(protocol),
                        new PlainObserver(),
                        _ -> false,
                        time,
                        time,
                        time,
                        _ -> "test"));
        listener.open();
        return new ProtocolServer(listener);
    }

    public static StreamHandler handler(Consumer<Stream> protocol) {
        return new StreamHandler() {
            @Override
            public boolean accepts(Head head) {
                return true;
            }

            @Override
            public void handle(Stream stream) {
                protocol.accept(stream);
            }
        };
    }

    public static ListenerSpec spec(ListenerConfig config, StreamHandler handler) {
        return new ListenerSpec(
                config,
                handler,
                new PlainObserver(),
                _ -> false,
                Ticker.system(),
                null,
                InstantSource.system(),
                _ -> "test");
    }

    public static ListenerConfig config(int maxLongLived, @Nullable TlsFiles tls) {
        return new ListenerConfig(
                "test",
                "lynx.test",
                "127.0.0.1",
                0,
                Optional.ofNullable(tls),
                2,
                100,
                maxLongLived,
                false,
                16 * 1024,
                8 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMillis(20),
                List.of(),
                false,
                Duration.ofMillis(20));
    }

    /** Answers in plain text, and does nothing more. */
    public static void answer(Stream stream, String text) {
        stream.answer(200, List.of("content-type", "text/plain"), -1, false);
        stream.end(text.getBytes(StandardCharsets.UTF_8));
        stream.workDone();
    }

    WireClient client() throws IOException {
        return new WireClient(listener.port());
    }

    /** Drains in the background with {@code budget} to go; completes with how long it took. */
    CompletableFuture<Duration> drain(Duration budget) {
        return drain(Deadline.after(budget, Ticker.system()));
    }

    CompletableFuture<Duration> drain(Deadline deadline) {
        CompletableFuture<Duration> drained = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            long start = System.nanoTime();
            try {
                listener.drain(deadline);
                drained.complete(Duration.ofNanos(System.nanoTime() - start));
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        return drained;
    }

    @Override
    public void close() {
        listener.close();
    }
}
