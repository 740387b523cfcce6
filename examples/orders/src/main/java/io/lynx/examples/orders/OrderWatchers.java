package io.lynx.examples.orders;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.lynx.examples.orders.v1.OrderChange;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sends the changes of orders to the clients that watch them by gRPC. Thread-safe. */
final class OrderWatchers {
    private final Set<ServerCallStreamObserver<OrderChange>> clients = new LinkedHashSet<>();

    /** Adds a client, which receives every change from now on. */
    synchronized void join(ServerCallStreamObserver<OrderChange> client) {
        client.setOnCancelHandler(() -> leave(client));
        clients.add(client);
    }

    /** The server shuts down: the client connects to another instance. */
    synchronized void end(ServerCallStreamObserver<OrderChange> client) {
        close(client, Status.UNAVAILABLE.withDescription("the server is shutting down"));
        leave(client);
    }

    private synchronized void leave(ServerCallStreamObserver<OrderChange> client) {
        boolean _ = clients.remove(client);
    }

    /** Sends a change to every client. It does not wait for clients: the call of one that is too slow is ended. */
    synchronized void publish(String topic, Order order) {
        if (clients.isEmpty()) {
            return;
        }
        OrderChange change = OrderChange.newBuilder()
                .setTopic(topic)
                .setOrder(OrderMessages.of(order))
                .build();
        clients.removeIf(client -> !isSent(client, change));
    }

    private static boolean isSent(ServerCallStreamObserver<OrderChange> client, OrderChange change) {
        if (client.isReady()) {
            client.onNext(change);
            return true;
        }
        close(client, Status.RESOURCE_EXHAUSTED.withDescription("the client is too slow; read the orders again"));
        return false;
    }

    private static void close(ServerCallStreamObserver<OrderChange> client, Status status) {
        if (!client.isCancelled()) {
            client.onError(status.asRuntimeException());
        }
    }

    /** Returns how many clients watch. */
    synchronized int clients() {
        return clients.size();
    }
}
