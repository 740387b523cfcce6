package io.lynx.grpc.client.engine;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.service.ServerConnection;
import io.lynx.http.client.service.ServiceConnections;
import java.time.Duration;

/** Waits for the connection of an attempt on the calling thread. Stateless. */
final class AttemptConnection {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private AttemptConnection() {}

    /**
     * Returns a connection. A call that waits until the service is ready tries again until its time is over.
     *
     * @param isFresh whether it must be one that has carried no call
     * @throws HttpCallException if there is none
     */
    static ServerConnection await(OutgoingRpc<?, ?> rpc, ServiceConnections service, boolean isFresh)
            throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (; ; ) {
            try {
                return rpc.route().await(isFresh);
            } catch (HttpCallException failure) {
                boolean mayCome = failure.reason() == Reason.UNREACHABLE || failure.reason() == Reason.UNKNOWN_HOST;
                if (!rpc.waitsForReady() || !mayCome || rpc.isOver()) {
                    throw failure;
                }
            }
            service.sleep(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }
}
