package io.lynx.transport.engine;

import io.lynx.config.AddressRange;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.transport.CertificateStatus;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.engine.connection.CountedStream;
import io.lynx.transport.engine.connection.ListenChannel;
import io.lynx.transport.engine.connection.ListenerState;
import io.lynx.transport.engine.tls.CertificateWatch;
import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listener on the application's event loops. Thread-safe. */
final class VertxListener implements Listener {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    /** The time in which an event loop that is not blocked has cut off its connections. */
    private static final Duration CUT_TIMEOUT = Duration.ofMillis(500);
    /** How long handshakes in progress may take once the gate is closed to new ones. */
    private static final long HANDSHAKES_MILLIS = 5;

    private final VertxEngine engine;
    private final ListenerSpec spec;
    private final ListenerConfig config;
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean openedOnce = new AtomicBoolean();
    private volatile @Nullable OpenListener opened;

    VertxListener(VertxEngine engine, ListenerSpec spec) {
        this.engine = engine;
        this.spec = spec;
        this.config = spec.config();
    }

    @Override
    public void open() throws IOException, InterruptedException {
        if (!openedOnce.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "listener " + config.name() + ": it was opened before; a listener opens once");
        }
        opened = new ListenerOpening(engine, spec, inFlight).run();
    }

    @Override
    public int port() {
        OpenListener now = opened;
        return now == null || now.state().phase() == ListenerState.Phase.CLOSED ? 0 : now.port();
    }

    @Override
    public boolean isSecure() {
        return config.tls().isPresent();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        OpenListener now = opened;
        return now == null ? List.of() : now.state().requests(limit);
    }

    @Override
    public ListenerConfig config() {
        return config;
    }

    @Override
    public List<AddressRange> trustedProxies() {
        return config.trustedProxies();
    }

    @Override
    public int openConnections() {
        OpenListener now = opened;
        return now == null ? 0 : now.state().connections().size();
    }

    @Override
    public long acceptedConnections() {
        OpenListener now = opened;
        return now == null ? 0 : now.state().accepted();
    }

    @Override
    public long refusedConnections() {
        OpenListener now = opened;
        return now == null ? 0 : now.state().refused();
    }

    @Override
    public Optional<CertificateStatus> certificates() {
        OpenListener now = opened;
        CertificateWatch certificates = now == null ? null : now.certificates();
        return certificates == null ? Optional.empty() : Optional.of(certificates.status());
    }

    @Override
    public void announceStop() {
        OpenListener now = opened;
        if (now != null && now.state().advance(ListenerState.Phase.ANNOUNCED)) {
            now.state().connections().forEach(connection -> connection.onLoop(connection::announce));
        }
    }

    @Override
    public boolean isAccepting() {
        OpenListener now = opened;
        return now != null && now.socket().isOpen();
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        OpenListener now = opened;
        if (now == null) {
            return;
        }
        ListenerState state = now.state();
        // A second drain waits like the first.
        if (!state.advance(ListenerState.Phase.DRAINING) && state.phase() == ListenerState.Phase.CLOSED) {
            return;
        }
        stopAccepting(now);
        Deadline goodbye = state.drain().begin(deadline, now.socket().eventLoop());
        state.connections().forEach(connection -> connection.onLoop(() -> connection.drain(goodbye)));
        if (state.await(() -> !now.socket().isOpen() && state.connections().isEmpty(), deadline)) {
            boolean _ = inFlight.awaitNone(deadline);
            state.drain().awaitNone(deadline);
        }
    }

    private void stopAccepting(OpenListener now) {
        ListenChannel socket = now.socket();
        boolean gated = spec.gate().test(now.port());
        Runnable last = () -> {
            socket.acceptWaiting();
            socket.close();
        };
        if (gated) {
            socket.eventLoop().execute(socket::acceptWaiting);
            socket.eventLoop().schedule(last, HANDSHAKES_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            socket.eventLoop().execute(last);
        }
    }

    @Override
    public void close() {
        OpenListener now = opened;
        if (now == null || !now.state().advance(ListenerState.Phase.CLOSED)) {
            return;
        }
        ListenerState state = now.state();
        ChannelFuture closed = now.socket().close();
        state.connections().forEach(connection -> connection.onLoop(connection::cut));
        state.unfinished().forEach(CountedStream::interrupt);
        try {
            Deadline deadline = Deadline.after(CLOSE_TIMEOUT, spec.ticker());
            boolean isCut = state.await(() -> state.connections().isEmpty(), deadline.atMost(CUT_TIMEOUT));
            if (!isCut) {
                // An event loop that is blocked does not cut them off itself.
                state.connections()
                        .forEach(connection -> connection.streams().stream().forEach(CountedStream::recordCutOff));
            }
            closed.awaitUninterruptibly(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (isCut || state.await(() -> state.connections().isEmpty(), deadline)) {
                boolean _ = inFlight.awaitNone(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        now.watch().stop();
        CertificateWatch certificates = now.certificates();
        if (certificates != null) {
            certificates.stop();
        }
        now.places().close();
        now.servers().forEach(HttpServer::close);
        engine.release();
    }
}
