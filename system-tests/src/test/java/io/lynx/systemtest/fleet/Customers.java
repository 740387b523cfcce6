package io.lynx.systemtest.fleet;

import io.lynx.systemtest.load.Pacer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Sends GET requests for one path at a fixed rate, whatever becomes of them, and records the outcome of each. Thread-safe. */
final class Customers implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /**
     * The outcome of one request.
     *
     * @param sentNanos when it was due, on {@link System#nanoTime}
     * @param status the status of the answer; 0 if there was none
     * @param error why there was none, or the body of an answer other than 200
     */
    record Outcome(long sentNanos, int status, String error) {
        boolean isOk() {
            return status == 200;
        }
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final HttpRequest request;
    private final Pacer pacer;

    private Customers(String url, int perSecond) {
        this.request = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        this.pacer = Pacer.of(perSecond, due -> requests.execute(() -> send(due)));
    }

    /** Begins to send. */
    static Customers of(String url, int perSecond) {
        Customers customers = new Customers(url, perSecond);
        customers.pacer.start();
        return customers;
    }

    private void send(long at) {
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            outcomes.add(new Outcome(at, answer.statusCode(), answer.statusCode() == 200 ? "" : answer.body()));
        } catch (IOException e) {
            outcomes.add(new Outcome(at, 0, e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the outcomes so far. */
    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** Returns the outcomes other than a success of requests that were sent between two instants. */
    List<Outcome> failures(long fromNanos, long toNanos) {
        return outcomes.stream()
                .filter(outcome -> !outcome.isOk())
                .filter(outcome -> outcome.sentNanos() - fromNanos >= 0 && outcome.sentNanos() - toNanos <= 0)
                .toList();
    }

    /** Returns how many requests had which outcome, such as {@code 200 ×12, 503 ×3}. */
    String summary() {
        return outcomes.stream()
                .collect(Collectors.groupingBy(
                        outcome -> outcome.status() + " " + outcome.error(), TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(kind -> kind.getKey().strip() + " ×" + kind.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Sends no more and waits for what is in progress. */
    List<Outcome> stop() throws InterruptedException {
        pacer.stop();
        requests.shutdown();
        if (!requests.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new AssertionError("customers: a request has no end");
        }
        return outcomes();
    }

    @Override
    public void close() {
        pacer.cancel();
        requests.shutdownNow();
        client.shutdownNow();
    }
}
