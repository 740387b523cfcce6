package io.lynx.examples.orders;

import io.lynx.http.EventStream;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.ServerSentEvent;
import io.lynx.http.StandardInterceptors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Sends the changes of orders to the clients that watch them, as server-sent events. An event has the topic as its name, the order
 * as its data, and an id that grows by one. Thread-safe.
 *
 * <p>A client that reconnects receives what it has missed. If that is no longer known, because it was away for long or this process is
 * another one, it receives {@code orders.reload} instead and has to read the orders again.
 */
final class OrderChanges {
    private static final int KEPT = 500;
    private static final int MOST_CLIENTS = 1_000;
    private static final String RELOAD = "orders.reload";

    /** Distinguishes the ids of this process from those of an earlier one. */
    private final String series;

    private final Deque<ServerSentEvent> recent = new ArrayDeque<>();
    private final Set<EventStream> clients = new HashSet<>();
    private long last;

    /**
     * Creates the changes of this process.
     *
     * @param series a short text that no earlier process has used
     */
    OrderChanges(String series) {
        this.series = series;
    }

    void addTo(Routes routes) {
        RouteOptions options = RouteOptions.describe(
                        route -> route.summary("Every change from now on").answers(200, "text/event-stream"))
                .withInterceptor(
                        StandardInterceptors.CONCURRENCY_LIMIT, StandardInterceptors.concurrencyLimit(MOST_CLIENTS));
        routes.get("/changes", options, this::stream);
    }

    /** Tells every client of a change. It does not wait for clients: one that is too slow is disconnected, and reconnects. */
    synchronized void publish(String topic, Order order) {
        last++;
        ServerSentEvent event = ServerSentEvent.json(order).withName(topic).withId(series + "-" + last);
        recent.addLast(event);
        if (recent.size() > KEPT) {
            recent.removeFirst();
        }
        clients.removeIf(client -> !client.offer(event));
    }

    /** Answers with the changes from now on, or from the last one that the client has received. */
    private void stream(Request request, Response response) throws InterruptedException {
        try (EventStream client = join(response)) {
            try {
                client.awaitEnd();
            } finally {
                leave(client);
            }
        }
    }

    /** Begins the answer. A client that has its beginning misses no change after it. */
    private synchronized EventStream join(Response response) {
        EventStream client = response.events();
        catchUp(client);
        clients.add(client);
        return client;
    }

    private void catchUp(EventStream client) {
        client.lastEventId().ifPresent(id -> {
            long missed = missedSince(id);
            if (missed < 0) {
                boolean _ = client.offer(ServerSentEvent.of("").withName(RELOAD).withId(series + "-" + last));
            } else {
                recent.stream().skip(recent.size() - missed).forEach(client::offer);
            }
        });
    }

    /** Returns how many changes came after the one of that id; -1 if that is not known. */
    private long missedSince(String id) {
        if (!id.startsWith(series + "-")) {
            return -1;
        }
        try {
            long missed = last - Long.parseLong(id.substring(series.length() + 1));
            return missed >= 0 && missed <= recent.size() ? missed : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private synchronized void leave(EventStream client) {
        clients.remove(client);
    }

    /** Returns how many clients watch. */
    synchronized int clients() {
        return clients.size();
    }
}
