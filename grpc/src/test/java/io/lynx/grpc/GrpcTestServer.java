package io.lynx.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.lynx.app.Application;
import io.lynx.metrics.MetricsSnapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An application with a gRPC server on a free port, and a client of it. */
final class GrpcTestServer implements AutoCloseable {
    final Application application;
    final GrpcServer server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    private GrpcTestServer(Application application, GrpcServer server) {
        this.application = application;
        this.server = server;
    }

    static GrpcTestServer of(TextService service, String... settings) {
        return of(GrpcServer.with(service), _ -> {}, settings);
    }

    /** Starts an application; {@code settings} are keys and values in turn. */
    static GrpcTestServer of(GrpcServer server, Consumer<Application.Builder> more, String... settings) {
        Application.Builder builder = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server);
        for (int i = 0; i < settings.length; i += 2) {
            builder.set(settings[i], settings[i + 1]);
        }
        more.accept(builder);
        Application application = builder.build();
        application.start();
        return new GrpcTestServer(application, server);
    }

    int port() {
        return server.port();
    }

    /** A new connection. */
    synchronized Channel channel() {
        ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .maxInboundMessageSize(64 * 1024 * 1024)
                .build();
        channels.add(channel);
        return channel;
    }

    private synchronized Channel first() {
        return channels.isEmpty() ? channel() : channels.getFirst();
    }

    String unary(String text) {
        return unary(text, CallOptions.DEFAULT);
    }

    String unary(MethodDescriptor<String, String> method, String text) {
        return ClientCalls.blockingUnaryCall(first(), method, CallOptions.DEFAULT, text);
    }

    String unary(String text, CallOptions options) {
        return ClientCalls.blockingUnaryCall(first(), Texts.UNARY, options, text);
    }

    /** Calls a method and returns how it failed. */
    StatusRuntimeException failure(MethodDescriptor<String, String> method, String text) {
        return failure(() -> ClientCalls.blockingUnaryCall(first(), method, CallOptions.DEFAULT, text));
    }

    static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException failed) {
            return failed;
        }
        throw new AssertionError("the call succeeded");
    }

    Status.Code codeOf(String text) {
        return failure(() -> unary(text)).getStatus().getCode();
    }

    List<String> stream(String text) {
        List<String> all = new ArrayList<>();
        changes(text).forEachRemaining(all::add);
        return all;
    }

    /** The answers as they arrive. */
    Iterator<String> changes(String text) {
        return ClientCalls.blockingServerStreamingCall(first(), Texts.SERVER, CallOptions.DEFAULT, text);
    }

    void stop() {
        application.close();
    }

    /** The value of a metric, 0 if there is none; {@code labels} are names and values in turn. */
    double metric(String name, String... labels) {
        return application
                .metrics()
                .snapshot()
                .find(name, labelled(labels))
                .map(MetricsSnapshot.Series::value)
                .orElse(0.0);
    }

    private static Map<String, String> labelled(String... labels) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return map;
    }

    static Metadata metadata(String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return metadata;
    }

    @Override
    public void close() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        for (ManagedChannel channel : channels) {
            boolean _ = channel.awaitTermination(20, TimeUnit.SECONDS);
        }
        application.close();
    }
}
