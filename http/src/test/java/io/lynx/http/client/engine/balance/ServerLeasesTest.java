package io.lynx.http.client.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.Wires;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.Connector;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls that wait for a place while discovery finds other servers. */
class ServerLeasesTest {
    private static final CallFailures FAILURES = new CallFailures(Wires.LIMITS, "GET /");

    private final ManualTime time = new ManualTime();
    private final AtomicReference<List<ServiceAddress>> found =
            new AtomicReference<>(List.of(new ServiceAddress("10.0.0.1", 80, "")));
    private final List<InetSocketAddress> connecting = new CopyOnWriteArrayList<>();

    /** Connects to no server. */
    private final class PendingConnector implements Connector {
        @Override
        public Connecting connect(InetSocketAddress address, String serverName, ConnectionListener listener) {
            connecting.add(address);
            return () -> {};
        }

        @Override
        public void close() {}

        @Override
        public boolean isEventLoop() {
            return false;
        }
    }

    private final ServerLeases leases = new ServerLeases(
            Wires.LIMITS,
            new ClientTarget("http", "inventory", "inventory", "", () -> found.get(), Duration.ofSeconds(1)),
            new PendingConnector(),
            new ClientRuntime(time, time, time, Thread.ofVirtual().factory(), null));

    private CallTime minute() {
        return CallTime.of(Duration.ofMinutes(1), null, time, time);
    }

    private ServerLease await() throws InterruptedException {
        return leases.await(new UsedServers(), false, minute(), FAILURES);
    }

    private boolean isConnectingTo(String address) {
        return connecting.stream()
                .anyMatch(each -> each.getAddress().getHostAddress().equals(address));
    }

    @Test
    void aCallThatWaitsInLineTurnsToTheServerThatReplacesItsOwn() throws Exception {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<ServerLease>> calls = new ArrayList<>();
            for (int i = 0; i < Wires.LIMITS.maxConnections() + 1; i++) {
                calls.add(threads.submit(this::await));
            }
            Await.until("a call waits in line", () -> leases.counts(0).waiting() == 1);

            found.set(List.of(new ServiceAddress("10.0.0.2", 80, "")));
            time.advance(Duration.ofMillis(1500));
            assertThat(leases.find(new UsedServers(), minute(), FAILURES)).isNull();

            Await.until("it connects to the other server", () -> isConnectingTo("10.0.0.2"));
            assertThat(calls).noneMatch(Future::isDone);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aCallThatWaitsInLineFailsWhenTheClientIsClosed() throws Exception {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<ServerLease>> calls = new ArrayList<>();
            for (int i = 0; i < Wires.LIMITS.maxConnections() + 1; i++) {
                calls.add(threads.submit(this::await));
            }
            Await.until("a call waits in line", () -> leases.counts(0).waiting() == 1);

            leases.close();

            Await.until("it has failed", () -> calls.stream().anyMatch(Future::isDone));
            Future<ServerLease> failed =
                    calls.stream().filter(Future::isDone).findFirst().orElseThrow();
            assertThatThrownBy(() -> failed.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(HttpCallException.class)
                    .hasMessageContaining("the client is closed");
        } finally {
            threads.shutdownNow();
        }
    }
}
