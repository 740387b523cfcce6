package io.lynx.benchmarks.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.lynx.benchmarks.grpc.EchoServices;
import io.lynx.grpc.client.GrpcChannel;
import java.time.Duration;

/** Clients of gRPC that make unary calls with a blocking stub. Stateless. */
final class GrpcCallers {
    private static final MethodDescriptor<BytesValue, BytesValue> METHOD = EchoServices.unary();
    private static final BytesValue REQUEST = BytesValue.of(ByteString.copyFrom(new byte[32]));

    private GrpcCallers() {}

    /** Returns the channel of Lynx with its defaults: retries, circuit breaker, time limits; but with more time to connect. */
    static Caller lynx(int port) {
        GrpcChannel channel = GrpcChannel.builder("benchmark")
                .url("http://127.0.0.1:" + port)
                .connectTimeout(Duration.ofMinutes(1))
                .build();
        return caller(channel, channel::close);
    }

    /** Returns the channel of grpc-java with Netty and its defaults. */
    static Caller peer(int port) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        return caller(channel, channel::shutdownNow);
    }

    /** Returns a caller whose connection is open, since all threads begin at once. */
    private static Caller caller(Channel channel, Runnable close) {
        CallOptions patient = CallOptions.DEFAULT.withWaitForReady();
        BytesValue _ = ClientCalls.blockingUnaryCall(channel, METHOD, patient, REQUEST);
        return new Caller() {
            @Override
            public int call() {
                return ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, REQUEST)
                        .getValue()
                        .size();
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
