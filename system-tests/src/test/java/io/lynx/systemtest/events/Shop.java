package io.lynx.systemtest.events;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Two instances of orders and one worker, which a test kills and starts again. Processes are started and ended by one thread; addresses may
 * be read by others.
 */
final class Shop implements AutoCloseable {
    static final List<String> ORDERS = List.of("orders-1", "orders-2");
    static final String WORKER = "worker";

    private final Map<String, String> variables;
    private final Map<String, ServiceProcess> processes = new LinkedHashMap<>();
    private final Map<String, URI> addresses = new ConcurrentHashMap<>();

    Shop(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Starts a service of a name, without waiting for it. */
    void start(String name, String... arguments) {
        boolean isWorker = name.equals(WORKER);
        Launch launch = Launch.of(isWorker ? io.lynx.examples.worker.Main.class : io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(Services.anyPorts())
                .arguments("--profile", "full");
        if (isWorker) {
            launch = launch.withoutClassPath("/examples/orders/")
                    // The partitions of a worker that was killed are free after this.
                    .arguments("--lynx.kafka.consumers.bridge-worker.session_timeout=3s");
        } else {
            launch = launch.arguments("--lynx.leadership.outbox-orders.lease=3s", "--orders.placing.per_second=100000");
        }
        launch = launch.arguments(arguments);
        String foreign = isWorker ? "LYNX_(JDBC_ORDERS|REDIS)_.*" : "LYNX_JDBC_WORKER_.*";
        for (Map.Entry<String, String> each : variables.entrySet()) {
            if (!each.getKey().matches(foreign)) {
                launch = launch.variable(each.getKey(), each.getValue());
            }
        }
        ServiceProcess process = launch.start();
        processes.put(name, process);
        if (!isWorker) {
            Thread _ = Thread.startVirtualThread(() -> publish(name, process));
        }
    }

    private void publish(String name, ServiceProcess process) {
        try {
            addresses.put(name, address(process));
        } catch (InterruptedException | AssertionError ended) {
            // It was killed before it was ready.
        }
    }

    private static URI address(ServiceProcess process) throws InterruptedException {
        InetSocketAddress http = Services.awaitHttp(process);
        return URI.create("http://127.0.0.1:" + http.getPort());
    }

    /** Waits until a service is ready; returns its address. */
    URI awaitReady(String name) throws InterruptedException {
        return address(process(name));
    }

    /** Returns where an instance of orders was last known to listen; null if it has not been ready yet. */
    @Nullable
    URI address(String name) {
        return addresses.get(name);
    }

    /** Kills a service, and starts it again. */
    void killAndStart(String name) throws InterruptedException {
        try (ServiceProcess killed = process(name)) {
            killed.signalIfAlive(Signal.KILL);
            var _ = killed.awaitExit();
        }
        start(name);
    }

    ServiceProcess process(String name) {
        return Objects.requireNonNull(processes.get(name), name);
    }

    @Override
    public void close() {
        processes.values().forEach(ServiceProcess::close);
    }
}
