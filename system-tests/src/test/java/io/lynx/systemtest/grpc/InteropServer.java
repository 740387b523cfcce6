package io.lynx.systemtest.grpc;

import io.grpc.ServerInterceptor;
import io.grpc.testing.integration.TestServiceImpl;
import io.lynx.app.Application;
import io.lynx.grpc.GrpcServer;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A server of Lynx with the service of gRPC's own interoperability tests. */
final class InteropServer implements AutoCloseable {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final GrpcServer server;
    private final Application application;

    InteropServer() {
        List<ServerInterceptor> echo = TestServiceImpl.interceptors();
        server = GrpcServer.builder()
                .services(new TestServiceImpl(scheduler))
                .interceptors(all -> {
                    for (int i = 0; i < echo.size(); i++) {
                        all.add("interop-" + i, echo.get(i));
                    }
                })
                .build();
        application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "interop")
                .set("lynx.application.version", "1.0.0")
                .set("lynx.http.host", "127.0.0.1")
                .set("lynx.http.port", "0")
                .plugin(server)
                .build();
        application.start();
    }

    int port() {
        return server.port();
    }

    /** How many calls are open. */
    long inFlight() {
        return application.requestsInFlight();
    }

    @Override
    public void close() {
        application.close();
        scheduler.shutdownNow();
    }
}
