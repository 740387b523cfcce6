package io.lynx.benchmarks.grpc;

import com.google.protobuf.BytesValue;
import io.grpc.BindableService;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The services that both servers have: the same objects, so that only the servers differ. Stateless. */
public final class EchoServices {
    /** How many messages a stream has. */
    static final int STREAMED = 1_000;

    /** How many messages a short stream has. */
    static final int FEW = 10;

    /** A unary echo of bytes, by a method descriptor and a listener. */
    static final String RAW = "/bench.v1.Raw/Unary";

    /** A unary echo of a message of protobuf, as stubs serve it. */
    static final String UNARY = "/bench.v1.Echo/Unary";

    /** The message of the request, {@value #STREAMED} times, as stubs serve it. */
    static final String STREAM = "/bench.v1.Echo/Stream";

    /** The message of the request, {@value #FEW} times, as stubs serve it. */
    static final String SHORT_STREAM = "/bench.v1.Echo/ShortStream";

    private EchoServices() {}

    /** Returns the unary echo that stubs serve and call. */
    public static MethodDescriptor<BytesValue, BytesValue> unary() {
        return method(UNARY, MethodType.UNARY);
    }

    static List<BindableService> all() {
        return List.of(EchoServices::raw, EchoServices::stubs);
    }

    private static ServerServiceDefinition raw() {
        MethodDescriptor<byte[], byte[]> unary = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(RAW.substring(1))
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        return ServerServiceDefinition.builder("bench.v1.Raw")
                .addMethod(unary, new RawEcho())
                .build();
    }

    private static ServerServiceDefinition stubs() {
        return ServerServiceDefinition.builder("bench.v1.Echo")
                .addMethod(
                        unary(), ServerCalls.asyncUnaryCall((BytesValue request, StreamObserver<BytesValue> answer) -> {
                            answer.onNext(request);
                            answer.onCompleted();
                        }))
                .addMethod(method(STREAM, MethodType.SERVER_STREAMING), repeating(STREAMED))
                .addMethod(method(SHORT_STREAM, MethodType.SERVER_STREAMING), repeating(FEW))
                .build();
    }

    private static ServerCallHandler<BytesValue, BytesValue> repeating(int messages) {
        return ServerCalls.asyncServerStreamingCall((BytesValue request, StreamObserver<BytesValue> answer) -> {
            for (int i = 0; i < messages; i++) {
                answer.onNext(request);
            }
            answer.onCompleted();
        });
    }

    private static MethodDescriptor<BytesValue, BytesValue> method(String path, MethodType type) {
        return MethodDescriptor.<BytesValue, BytesValue>newBuilder()
                .setType(type)
                .setFullMethodName(path.substring(1))
                .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
                .build();
    }

    /** Answers with the message of the request. */
    private static final class RawEcho implements ServerCallHandler<byte[], byte[]> {
        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            call.request(2);
            return new ServerCall.Listener<>() {
                private byte[] received = {};

                @Override
                public void onMessage(byte[] message) {
                    received = message;
                }

                @Override
                public void onHalfClose() {
                    call.sendHeaders(new Metadata());
                    call.sendMessage(received);
                    call.close(Status.OK, new Metadata());
                }
            };
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new KnownBytes(value);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
        KnownBytes(byte[] value) {
            super(value);
        }
    }
}
