package io.lynx.systemtest.grpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.lynx.systemtest.app.GrpcService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Unary calls, short streams and endless ones of grpc-java's client, in turn to several servers, until it is closed. Thread-safe. */
final class CallLoad implements AutoCloseable {
    private static final String SCHEME = "several";
    private static final int UNARY = 4;
    private static final int STREAMS = 2;
    private static final int ENDLESS = 2;
    private static final int TICKS = 5;

    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final AtomicLong unary = new AtomicLong();
    final AtomicLong streams = new AtomicLong();
    final AtomicLong ended = new AtomicLong();

    private final Set<String> servers = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private final Several addresses;
    private final ManagedChannel channel;
    private volatile boolean isStopped;

    /** Resolves the name of a channel to the addresses of all servers. */
    private static final class Several extends NameResolverProvider {
        private final EquivalentAddressGroup[] servers;

        Several(List<Integer> ports) {
            this.servers = ports.stream()
                    .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .map(EquivalentAddressGroup::new)
                    .toArray(EquivalentAddressGroup[]::new);
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args args) {
            return new NameResolver() {
                @Override
                public String getServiceAuthority() {
                    return "localhost";
                }

                @Override
                public void start(Listener2 listener) {
                    listener.onResult(ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(List.of(servers)))
                            .setAttributes(Attributes.EMPTY)
                            .build());
                }

                @Override
                public void shutdown() {}
            };
        }

        @Override
        public String getDefaultScheme() {
            return SCHEME;
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return 5;
        }
    }

    CallLoad(List<Integer> ports) {
        addresses = new Several(ports);
        NameResolverRegistry.getDefaultRegistry().register(addresses);
        channel = OkHttpChannelBuilder.forTarget(SCHEME + ":///servers")
                .usePlaintext()
                .defaultLoadBalancingPolicy("round_robin")
                .build();
        begin(UNARY, this::work);
        begin(STREAMS, this::stream);
        begin(ENDLESS, this::endless);
    }

    private void begin(int count, Runnable call) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                while (!isStopped) {
                    call.run();
                }
            }));
        }
    }

    private static CallOptions inTime() {
        return CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private void work() {
        try {
            servers.add(ClientCalls.blockingUnaryCall(channel, GrpcService.WORK, inTime(), "20"));
            unary.incrementAndGet();
        } catch (StatusRuntimeException failure) {
            failed("unary call", failure);
        }
    }

    private void stream() {
        try {
            Iterator<String> ticks =
                    ClientCalls.blockingServerStreamingCall(channel, GrpcService.TICKS, inTime(), TICKS + " 20");
            int received = 0;
            while (ticks.hasNext()) {
                servers.add(ticks.next());
                received++;
            }
            if (received == TICKS) {
                streams.incrementAndGet();
            } else {
                failures.add("stream: " + received + " messages");
            }
        } catch (StatusRuntimeException failure) {
            failed("stream", failure);
        }
    }

    private void endless() {
        try {
            Iterator<String> ticks =
                    ClientCalls.blockingServerStreamingCall(channel, GrpcService.TICKS, CallOptions.DEFAULT, "0 50");
            while (!isStopped) {
                servers.add(ticks.next());
            }
        } catch (StatusRuntimeException failure) {
            if (isStopped) {
                return;
            }
            if (failure.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                ended.incrementAndGet();
            } else {
                failed("endless stream", failure);
            }
        }
    }

    private void failed(String what, StatusRuntimeException failure) {
        if (!isStopped) {
            failures.add(what + ": " + failure.getStatus());
        }
    }

    /** Whether that server has answered a call; connects again at once if it has not. */
    boolean hasServed(String server) {
        if (servers.contains(server)) {
            return true;
        }
        channel.resetConnectBackoff();
        return false;
    }

    @Override
    public void close() throws InterruptedException {
        isStopped = true;
        channel.shutdownNow();
        for (Thread each : threads) {
            each.join();
        }
        boolean _ = channel.awaitTermination(30, TimeUnit.SECONDS);
        NameResolverRegistry.getDefaultRegistry().deregister(addresses);
    }
}
