package io.lynx.systemtest.fleet;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.FreePort;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Instances of one service, each on a port that it keeps, with direct access to each of them. */
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final IntFunction<Launch> launch;
    private final List<Integer> ports;
    private final List<ServiceProcess> instances = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private Fleet(IntFunction<Launch> launch, List<Integer> ports) {
        this.launch = launch;
        this.ports = ports;
    }

    /**
     * Starts {@code count} instances and waits until all are ready.
     *
     * @param launch makes the start of the instance that listens on the given port
     */
    static Fleet start(int count, IntFunction<Launch> launch) throws InterruptedException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(FreePort.find());
        }
        Fleet fleet = new Fleet(launch, List.copyOf(ports));
        boolean ready = false;
        try {
            for (int port : ports) {
                fleet.instances.add(launch.apply(port).start());
            }
            for (int i = 0; i < count; i++) {
                fleet.awaitReady(i);
            }
            ready = true;
            return fleet;
        } finally {
            if (!ready) {
                fleet.close();
            }
        }
    }

    List<Integer> ports() {
        return ports;
    }

    int size() {
        return ports.size();
    }

    ServiceProcess instance(int index) {
        return instances.get(index);
    }

    /** Ends an instance by TERM, waits for its end and starts it again. */
    void restart(int index) throws InterruptedException {
        long _ = instances.get(index).signal(Signal.TERM);
        ServiceProcess.Exit exit = instances.get(index).awaitExit();
        if (exit.code() != Signal.TERM.exitCode()) {
            throw instances.get(index).failure("exit code " + exit.code());
        }
        instances.get(index).close();
        instances.set(index, launch.apply(ports.get(index)).start());
        awaitReady(index);
    }

    private void awaitReady(int index) throws InterruptedException {
        var _ = instances.get(index).awaitLine(" ready\",\"kv\"");
    }

    /** Sends a request to one instance, past the load balancer. */
    HttpResponse<String> send(int index, String method, String path, String body)
            throws IOException, InterruptedException {
        return sendTo(ports.get(index), method, path, body);
    }

    private HttpResponse<String> sendTo(int port, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Sends a request to every instance; each must answer 200. */
    void sendAll(String method, String path, String body) throws IOException, InterruptedException {
        for (int i = 0; i < size(); i++) {
            HttpResponse<String> answer = send(i, method, path, body);
            if (answer.statusCode() != 200) {
                throw instances.get(i).failure(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
            }
        }
    }

    /** Returns the values of every series of a metric, over all instances. */
    List<Double> values(String metric) throws IOException, InterruptedException {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            int management = Services.awaitManagement(instances.get(i)).getPort();
            sendTo(management, "GET", "/metrics", "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                    .forEach(values::add);
        }
        return values;
    }

    /** Returns how many instances are ready. */
    int ready() throws InterruptedException {
        int ready = 0;
        for (int i = 0; i < size(); i++) {
            try {
                ready += send(i, "GET", "/health/ready", "").statusCode() == 200 ? 1 : 0;
            } catch (IOException notReady) {
                // An instance that does not answer is not ready.
            }
        }
        return ready;
    }

    @Override
    public void close() {
        client.shutdownNow();
        instances.forEach(ServiceProcess::close);
    }
}
