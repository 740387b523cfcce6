package io.lynx.systemtest.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.lynx.testkit.Await;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The client of grpc-java, and a server of Lynx. */
final class InteropTest extends InteropCases {
    private static InteropServer server;

    @BeforeAll
    static void start() {
        server = new InteropServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    Channel connect() {
        return OkHttpChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    @Override
    void disconnect(Channel connected) throws Exception {
        Await.until("no call is open", () -> server.inFlight() == 0);
        ManagedChannel channel = (ManagedChannel) connected;
        channel.shutdownNow();
        assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
