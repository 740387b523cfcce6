package io.lynx.systemtest.grpc;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.testing.integration.TestServiceImpl;
import io.lynx.grpc.client.GrpcChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The client of Lynx, and a server of grpc-java. */
final class ClientInteropTest extends InteropCases {
    private static ScheduledExecutorService scheduler;
    private static Server server;

    @BeforeAll
    static void start() throws Exception {
        scheduler = Executors.newSingleThreadScheduledExecutor();
        BindableService service = new TestServiceImpl(scheduler);
        server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(ServerInterceptors.intercept(service, TestServiceImpl.interceptors()))
                .build()
                .start();
    }

    @AfterAll
    static void stop() {
        server.shutdownNow();
        scheduler.shutdownNow();
    }

    @Override
    Channel connect() {
        return GrpcChannel.builder("interop")
                .url("http://127.0.0.1:" + server.getPort())
                .connectTimeout(Duration.ofMinutes(1))
                .build();
    }

    @Override
    void disconnect(Channel connected) {
        ((GrpcChannel) connected).close();
    }
}
