package io.lynx.http.client.engine.pool;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.CallListener;
import io.lynx.transport.Connector;
import io.lynx.transport.OutgoingCall;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connector whose connections are established by the test, and the pools that use it. */
public final class Wires implements Connector {
    /** Two connections, two calls that wait for at most five seconds, unused connections for half a minute. */
    public static final ClientLimits LIMITS = limits(Duration.ofSeconds(2), false);

    final List<Wire> opened = new CopyOnWriteArrayList<>();
    volatile boolean isClosed;

    static ClientLimits limits(Duration connectTimeout, boolean mayMultiplex) {
        return new ClientLimits(
                "inventory",
                "lynx.clients.inventory",
                connectTimeout,
                Duration.ofSeconds(10),
                2,
                mayMultiplex,
                Duration.ofSeconds(5),
                2,
                Duration.ofSeconds(30),
                1000);
    }

    public <T extends Ticker & Scheduler> AddressPool pool(ClientLimits limits, InetSocketAddress address, T time) {
        return new AddressPool(new ConnectionOpener(address, "inventory", this, limits), time, time);
    }

    public <T extends Ticker & Scheduler> AddressPool pool(int port, T time) {
        return pool(LIMITS, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), time);
    }

    @Override
    public Connecting connect(InetSocketAddress address, String serverName, ConnectionListener listener) {
        if (isClosed) {
            throw new IllegalStateException("client inventory: it is closed");
        }
        Wire wire = new Wire(listener);
        opened.add(wire);
        return () -> wire.isCancelled = true;
    }

    @Override
    public void close() {
        isClosed = true;
    }

    @Override
    public boolean isEventLoop() {
        return false;
    }

    /** One connection. */
    static final class Wire implements OutgoingConnection {
        final ConnectionListener listener;
        volatile boolean isCancelled;
        volatile boolean isClosed;
        volatile int capacity;

        Wire(ConnectionListener listener) {
            this.listener = listener;
        }

        void establish(int calls) {
            capacity = calls;
            listener.connected(this);
        }

        /** As after a GOAWAY, the calls in flight end and no others begin. */
        void takeNone() {
            capacity = 0;
            listener.capacityChanged();
        }

        @Override
        public int capacity() {
            return isClosed ? 0 : capacity;
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public OutgoingCall call(OutgoingHead head, CallListener receiver) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}
