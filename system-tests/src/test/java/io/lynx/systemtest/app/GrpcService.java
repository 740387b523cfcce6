package io.lynx.systemtest.app;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.lynx.app.Lynx;
import io.lynx.grpc.GrpcServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A service of gRPC whose calls take as long as they are asked to, and answer the system property {@code name}. */
public final class GrpcService {
    private static final String SERVICE = "test.v1.Work";

    /** Takes as many milliseconds as the request says. */
    public static final MethodDescriptor<String, String> WORK = method("Work", MethodType.UNARY);

    /** Sends messages; the request has their number, 0 for no end, and the milliseconds before each. */
    public static final MethodDescriptor<String, String> TICKS = method("Ticks", MethodType.SERVER_STREAMING);

    private GrpcService() {}

    /** Runs it. */
    public static void main(String[] args) {
        Lynx.run(args, app -> app.plugin(GrpcServer.with(service(System.getProperty("name", "")))));
    }

    /** The service; it answers {@code name}. */
    public static BindableService service(String name) {
        return () -> ServerServiceDefinition.builder(SERVICE)
                .addMethod(WORK, ServerCalls.asyncUnaryCall((millis, answer) -> {
                    sleep(Long.parseLong(millis));
                    answer.onNext(name);
                    answer.onCompleted();
                }))
                .addMethod(
                        TICKS, ServerCalls.asyncServerStreamingCall((request, answer) -> tick(name, request, answer)))
                .build();
    }

    private static void tick(String name, String request, StreamObserver<String> answer) {
        String[] parts = request.split(" ", -1);
        int count = Integer.parseInt(parts[0]);
        for (int i = 0; count == 0 || i < count; i++) {
            sleep(Long.parseLong(parts[1]));
            answer.onNext(name);
        }
        answer.onCompleted();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream in) {
            try {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
