package io.lynx.transport.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.transport.Connector;
import io.lynx.transport.ConnectorSpec;
import io.lynx.transport.Engine;
import io.lynx.transport.Listener;
import io.lynx.transport.ListenerSpec;
import io.lynx.transport.engine.connection.OpenFilesLimit;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.file.FileResolver;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x with what a server needs: NIO, our own listening sockets, no file cache, no metrics, no verticles.
 *
 * <p>It has one event loop more than there are processors, and listeners take theirs in turn. So a management listener with
 * one event loop and a service with at most one for each processor share no thread, and handlers that block the service's loops do not
 * block the management port.
 */
public final class VertxEngine implements Engine {
    private static final Map<String, String> UNUSED_PARTS =
            Map.of("vertx.disableDnsResolver", "true", "io.netty.jfr.enabled", "false");

    private final int size = Runtime.getRuntime().availableProcessors() + 1;

    private final Consumer<ChannelPipeline> onBuilt;
    private final OpenFilesLimit openFiles = new OpenFilesLimit();

    @GuardedBy("this")
    private @Nullable Running running;

    @GuardedBy("this")
    private int users;

    @GuardedBy("this")
    private int next;

    @GuardedBy("this")
    private final Set<String> addresses = new HashSet<>();

    @GuardedBy("this")
    private int anyPorts;

    /** What exists while a listener or a connector is open. */
    private record Running(VertxInternal vertx, ListeningTransport transport, List<EventLoop> loops) {}

    /** An engine whose threads have not started. */
    public VertxEngine() {
        this(_ -> {});
    }

    /**
     * An engine whose threads have not started.
     *
     * @param onBuilt receives each pipeline that the library has built, before it is searched for the handlers that matter here;
     *     a test changes it as another version of the library could
     */
    public VertxEngine(Consumer<ChannelPipeline> onBuilt) {
        this.onBuilt = onBuilt;
    }

    /** Receives each pipeline that the library has built. */
    Consumer<ChannelPipeline> onBuilt() {
        return onBuilt;
    }

    /** Divides the file descriptors of the process among the listeners. */
    OpenFilesLimit openFiles() {
        return openFiles;
    }

    @Override
    public Listener listener(ListenerSpec spec) {
        return new VertxListener(this, spec);
    }

    @Override
    public Connector connector(ConnectorSpec spec) {
        return new LoopConnector(this, spec);
    }

    /**
     * The event loops of one open listener or connector.
     *
     * @param transport makes the listening socket
     * @param loops the first one accepts
     */
    record Share(VertxInternal vertx, ListeningTransport transport, List<EventLoop> loops) {}

    /** Starts the event loops if they do not run, and gives a listener or a connector its share until {@link #release}. */
    synchronized Share acquire(int count) {
        Running current = running;
        if (current == null) {
            current = start(Math.max(size, count));
            running = current;
        }
        users++;
        List<EventLoop> share = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            share.add(current.loops().get(Math.floorMod(next++, current.loops().size())));
        }
        return new Share(current.vertx(), current.transport(), List.copyOf(share));
    }

    /** Ends the event loops after their last user. Their threads are daemons, and this does not wait for them. */
    synchronized void release() {
        users--;
        Running current = running;
        if (users == 0 && current != null) {
            running = null;
            next = 0;
            current.vertx().close();
        }
    }

    /**
     * Claims an address for one listener. The library would let two listeners of one address share a socket, and would give
     * two that ask for any free port the same one.
     *
     * @throws IOException if a listener of this engine has it
     */
    synchronized PortClaim claim(String host, int port) throws IOException {
        String address = host + ":" + port;
        if (port != 0 && !addresses.add(address)) {
            throw new BindException("Address already in use by another listener of this application");
        }
        // The library shares one free port between all who name the same negative number.
        return new PortClaim(port == 0 ? - ++anyPorts : port, address);
    }

    private synchronized void free(String address) {
        addresses.remove(address);
    }

    /** An address that no other listener of the engine can have; freed when it is closed, unless it is kept. */
    final class PortClaim implements AutoCloseable {
        private final int port;
        private final String address;
        private boolean kept;

        private PortClaim(int port, String address) {
            this.port = port;
            this.address = address;
        }

        /** The port to ask the library for. */
        int port() {
            return port;
        }

        /** Keeps the address until the socket is closed. */
        void keepUntil(ChannelFuture closed) {
            kept = true;
            closed.addListener(_ -> free(address));
        }

        /** Keeps the address until a bind that is in progress has ended. */
        void keepUntil(CompletableFuture<?> bound) {
            kept = true;
            CompletableFuture<?> _ = bound.whenComplete((_, _) -> free(address));
        }

        @Override
        public void close() {
            if (!kept) {
                free(address);
            }
        }
    }

    private static Running start(int size) {
        return withoutUnusedParts(() -> build(size));
    }

    private static Running build(int size) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(size)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setBlockedThreadCheckInterval(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.DAYS);
        ListeningTransport transport = new ListeningTransport();
        VertxBootstrap bootstrap = VertxBootstrap.create()
                .options(options)
                .transport(transport)
                .fileResolver(new PlainFiles())
                .serviceProviders(List.of())
                .verticleFactories(List.of())
                .init();
        VertxInternal vertx = (VertxInternal) bootstrap.vertx();
        List<EventLoop> loops = new ArrayList<>(size);
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            loops.add((EventLoop) loop);
        }
        return new Running(vertx, transport, List.copyOf(loops));
    }

    /**
     * Two parts of the libraries are left out, since each would load a hundred classes before the first answer: the resolver
     * (a server resolves one name, the address it listens on, which the JDK can do), and the events of Flight Recorder about
     * each buffer. Only system properties leave them out, so those that nobody has set are set for the moment.
     */
    private static Running withoutUnusedParts(Supplier<Running> building) {
        synchronized (VertxEngine.class) {
            List<String> unset = UNUSED_PARTS.keySet().stream()
                    .filter(name -> System.getProperty(name) == null)
                    .toList();
            unset.forEach(name -> System.setProperty(name, UNUSED_PARTS.get(name)));
            try {
                return building.get();
            } finally {
                unset.forEach(System::clearProperty);
            }
        }
    }

    private static final class PlainFiles implements FileResolver {
        @Override
        public File resolve(String name) {
            return new File(name);
        }

        @Override
        public void close() {}
    }
}
