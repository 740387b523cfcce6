package io.lynx.grpc.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.lynx.grpc.client.engine.RpcClient;
import io.lynx.time.Deadline;
import java.util.List;

/**
 * A channel to the servers of one service, for stubs of grpc-java: blocking, asynchronous and with futures. Connections are kept and
 * shared by all calls; none is opened before the first call. A plugin gets a channel by {@link GrpcClientPlugin}; {@link #builder}
 * makes one in code. Thread-safe.
 */
public final class GrpcChannel extends Channel implements AutoCloseable {
    /**
     * An option of a call: whether it may be made twice, and so may be retried when the service is not available. Methods that are
     * described as idempotent or safe are retried without it.
     */
    public static final CallOptions.Key<Boolean> IDEMPOTENT = RpcClient.IDEMPOTENT;

    private final RpcClient client;
    private final Channel intercepted;

    GrpcChannel(RpcClient client, List<ClientInterceptor> interceptors) {
        this.client = client;
        this.intercepted = ClientInterceptors.intercept(new Calls(client), interceptors);
    }

    /** What makes the calls below the interceptors. */
    private static final class Calls extends Channel {
        private final RpcClient client;

        Calls(RpcClient client) {
            this.client = client;
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            return client.call(method, options);
        }

        @Override
        public String authority() {
            return client.authority();
        }
    }

    /**
     * Returns a builder of a channel.
     *
     * @param name lower-case letters, digits and dashes, starting with a letter; a label of metrics and part of messages
     * @throws IllegalArgumentException if the name has another form
     */
    public static GrpcChannelBuilder builder(String name) {
        return new GrpcChannelBuilder(name, GrpcClientConfig.defaults());
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        return intercepted.newCall(method, options);
    }

    @Override
    public String authority() {
        return client.authority();
    }

    /**
     * Refuses further calls, waits for those in flight, and closes all connections. Streaming calls have half of the time. Calls that
     * are left at the deadline end with {@code UNAVAILABLE}.
     *
     * @throws InterruptedException if interrupted while waiting; the channel is closed then
     */
    public void close(Deadline deadline) throws InterruptedException {
        client.close(deadline);
    }

    /** Ends the calls in flight with {@code UNAVAILABLE} and closes all connections. Idempotent. */
    @Override
    public void close() {
        client.close();
    }
}
