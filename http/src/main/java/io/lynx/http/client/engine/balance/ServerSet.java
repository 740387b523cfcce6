package io.lynx.http.client.engine.balance;

import io.lynx.extension.UserCode;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.ServiceDiscovery;
import io.lynx.http.client.engine.pool.AddressPool;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.pool.TimeLimitKind;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a service as discovery finds them. They are found again, on a thread of their own, when a call is made and what
 * is known is old; a failure leaves what is known. Thread-safe.
 */
final class ServerSet {
    private static final Logger LOG = LoggerFactory.getLogger(ServerSet.class);
    private static final int MOST = 64;
    private static final long PAUSE_AFTER_FAILURE = Duration.ofSeconds(1).toNanos();

    private final ClientLimits limits;
    private final ServiceDiscovery discovery;
    private final Duration refreshAfter;
    private final Function<InetSocketAddress, AddressPool> pools;
    private final Names names;
    private final Ticker ticker;
    private final ClientRuntime runtime;
    private final AtomicReference<@Nullable Refresh> refreshing = new AtomicReference<>();
    private volatile Known known;
    private volatile boolean isClosed;

    /** What is known, and until when; with the failure of the last attempt if that has failed. */
    private record Known(
            Map<InetSocketAddress, Server> servers,
            List<Server> list,
            long dueAt,
            @Nullable Throwable failure) {}

    /** Resolves names. Thread-safe. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** An attempt to find the servers. */
    private static final class Refresh {
        final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        final AtomicBoolean isLogged = new AtomicBoolean();
        volatile @Nullable Thread thread;
    }

    ServerSet(
            ClientLimits limits,
            ServiceDiscovery discovery,
            Duration refreshAfter,
            Function<InetSocketAddress, AddressPool> pools,
            Names names,
            ClientRuntime runtime) {
        this.limits = limits;
        this.discovery = discovery;
        this.refreshAfter = refreshAfter;
        this.pools = pools;
        this.names = names;
        this.ticker = runtime.ticker();
        this.runtime = runtime;
        this.known = new Known(Map.of(), List.of(), ticker.nanos(), null);
    }

    /** Returns the servers, at least one; a first call waits until they are found. */
    List<Server> servers(CallTime time, CallFailures failures) throws InterruptedException {
        Known now = known;
        if (now.dueAt() - ticker.nanos() <= 0) {
            Refresh refresh = refresh();
            if (now.list().isEmpty()) {
                CallTime limit = time.atMost(limits.connectTimeout(), TimeLimitKind.CONNECT);
                boolean isDone = TimedWait.await(refresh.done, limit.end(), runtime.scheduler());
                now = known;
                if (!isDone && now.list().isEmpty()) {
                    if (limit.end().isExpired() && limit.passed() != TimeLimitKind.CONNECT) {
                        // The caller has less time than a discovery may take, which is not the fault of the service.
                        throw failures.timedOut(time);
                    }
                    logWait(refresh);
                }
            }
        }
        if (now.list().isEmpty()) {
            Throwable failure = now.failure();
            String message =
                    "no address was found within " + limits.connectTimeout().toMillis() + "ms";
            throw failure == null
                    ? failures.of(Reason.UNKNOWN_HOST, message)
                    : failures.of(Reason.UNKNOWN_HOST, "no address was found", failure);
        }
        return now.list();
    }

    /** Returns the servers that are known. */
    List<Server> present() {
        return known.list();
    }

    private Refresh refresh() {
        Refresh mine = new Refresh();
        Refresh other = refreshing.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        boolean isStarted = false;
        try {
            Thread thread = runtime.threads().newThread(() -> {
                try {
                    find();
                } finally {
                    end(mine);
                }
            });
            mine.thread = thread;
            thread.start();
            isStarted = true;
        } finally {
            if (!isStarted) {
                // The next call tries again.
                end(mine);
            }
        }
        return mine;
    }

    private void end(Refresh ended) {
        refreshing.set(null);
        ended.done.complete(null);
    }

    /** Logs where a discovery is on which calls have waited in vain. */
    private void logWait(Refresh refresh) {
        Thread thread = refresh.thread;
        if (thread != null && refresh.isLogged.compareAndSet(false, true)) {
            Throwable where = new IllegalStateException("discovery has not returned");
            where.setStackTrace(thread.getStackTrace());
            LOG.atWarn()
                    .setCause(where)
                    .addKeyValue("client", limits.name())
                    .log("Discovery of {} has not returned; calls fail until it finds an address", limits.name());
        }
    }

    private void find() {
        Known before = known;
        boolean isFound = UserCode.run(
                () -> known = merge(before, resolve(discovery.find(), before.servers())),
                failure -> keep(before, failure));
        if (isFound) {
            // The calls that wait for them turn to what is known now.
            Known now = known;
            before.servers().forEach((address, server) -> {
                if (!now.servers().containsKey(address)) {
                    server.pool().close();
                }
            });
        }
        if (isClosed) {
            close();
        }
    }

    /** Closes the connections to the servers, also to those that are found later. */
    void close() {
        isClosed = true;
        known.list().forEach(server -> server.pool().close());
    }

    private void keep(Known before, Throwable failure) {
        known = new Known(before.servers(), before.list(), ticker.nanos() + PAUSE_AFTER_FAILURE, failure);
        if (before.failure() == null) {
            LOG.atWarn()
                    .addKeyValue("client", limits.name())
                    .log(
                            "Discovery of {} failed: {}; {} known addresses stay in use",
                            limits.name(),
                            UserCode.describe(failure),
                            before.list().size());
        }
    }

    /**
     * Resolves the names. What is known of a name that cannot be resolved now stays. Of too many, those with the lowest priority
     * are used, and of these, those that are in use already.
     */
    private Map<InetSocketAddress, ServiceAddress> resolve(
            List<ServiceAddress> found, Map<InetSocketAddress, Server> inUse) throws UnknownHostException {
        Map<InetSocketAddress, ServiceAddress> all = new LinkedHashMap<>();
        UnknownHostException unknown = null;
        boolean isResolved = false;
        for (ServiceAddress address : found) {
            try {
                for (InetAddress resolved : names.addresses(address.host())) {
                    all.putIfAbsent(new InetSocketAddress(resolved, address.port()), address);
                    isResolved = true;
                }
            } catch (UnknownHostException missing) {
                unknown = missing;
                inUse.forEach((known, server) -> {
                    if (isSame(server.address(), address)) {
                        all.putIfAbsent(known, address);
                    }
                });
            }
        }
        if (!isResolved) {
            throw unknown == null ? new UnknownHostException("discovery found no address") : unknown;
        }
        List<InetSocketAddress> order = new ArrayList<>(all.keySet());
        order.sort(Comparator.<InetSocketAddress>comparingInt(
                        address -> Objects.requireNonNull(all.get(address)).priority())
                .thenComparing(address -> !inUse.containsKey(address)));
        all.keySet().retainAll(order.subList(0, Math.min(MOST, order.size())));
        return all;
    }

    private static boolean isSame(ServiceAddress one, ServiceAddress other) {
        return one.host().equals(other.host()) && one.port() == other.port();
    }

    private Known merge(Known before, Map<InetSocketAddress, ServiceAddress> found) {
        Map<Integer, Double> meanWeights = found.values().stream()
                .collect(Collectors.groupingBy(
                        ServiceAddress::priority, Collectors.averagingInt(ServiceAddress::weight)));
        Map<InetSocketAddress, Server> servers = new LinkedHashMap<>();
        found.forEach((address, place) -> {
            Server same = before.servers().get(address);
            Server server = same != null
                    ? same
                    : new Server(pools.apply(address), place, !before.servers().isEmpty(), ticker);
            server.place(place, Objects.requireNonNull(meanWeights.get(place.priority())));
            servers.put(address, server);
        });
        return new Known(
                Map.copyOf(servers), List.copyOf(servers.values()), ticker.nanos() + refreshAfter.toNanos(), null);
    }
}
