package io.lynx.systemtest.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.app.QueryService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that nobody waits for any more, because their clients have left or their time is over, never make a service have more
 * queries at its database than its pool has connections.
 */
@Timeout(180)
final class AbandonedQueriesTest {
    private static final int POOL = 10;
    private static final int CLIENTS = 70;
    private static final Duration STAY = Duration.ofMillis(400);
    private static final Duration WATCH = Duration.ofSeconds(6);

    private static PostgresServer database;

    @BeforeAll
    static void start() throws Exception {
        database = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"60s", "1s"})
    void theDatabaseNeverHasMoreQueriesThanThePoolHasConnections(String requestTimeout) throws Exception {
        try (Connection watching = DriverManager.getConnection(database.url());
                ServiceProcess service = service(watching, requestTimeout).start();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            InetSocketAddress address = Services.awaitHttp(service);
            AtomicInteger sent = new AtomicInteger();
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> askAndLeave(address, sent));
            }

            int most = 0;
            long end = System.nanoTime() + WATCH.toNanos();
            while (System.nanoTime() - end < 0 || sent.get() < CLIENTS) {
                most = Math.max(most, database.backEnds(watching));
                Thread.sleep(50);
            }

            assertThat(most).isBetween(1, POOL);
            assertThat(service.isAlive()).isTrue();
        }
    }

    /** The database goes on with the queries of the service before. */
    private static Launch service(Connection watching, String requestTimeout) throws Exception {
        database.endBackEnds(watching);
        return Launch.of(QueryService.class)
                .withoutClassPath("/examples/")
                .options("-Ddatabase=" + database.url(), "-Dpool=" + POOL)
                .file("config.yml", """
                    lynx:
                      application: {name: queries, version: 1.0.0}
                      http: {host: 127.0.0.1, port: 0, request_timeout: %s}
                      metrics: {prometheus: {host: 127.0.0.1, port: 0}}
                    """.formatted(requestTimeout));
    }

    private static void askAndLeave(InetSocketAddress address, AtomicInteger sent) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            TimeUnit.MILLISECONDS.sleep(STAY.toMillis());
        } catch (IOException e) {
            throw new AssertionError("client: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sent.incrementAndGet();
        }
    }
}
