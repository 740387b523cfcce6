package io.lynx.systemtest.events;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.prometheus.PrometheusBinaries;
import io.lynx.systemtest.prometheus.PrometheusServer;
import io.lynx.systemtest.prometheus.Rules;
import io.lynx.testkit.Await;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alerts about events on their way, before a real Prometheus: a worker that falls behind, an outbox that cannot deliver, and dead letters.
 * The rules have shorter windows.
 */
@Timeout(600)
@EnabledIfSystemProperty(named = "system-tests", matches = "full")
final class EventAlertsTest {
    private static final Duration WINDOW = Duration.ofSeconds(15);
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final String ORDERS = Shop.ORDERS.getFirst();

    @TempDir
    private Path folder;

    @Test
    void lagAgeAndDeadLettersFireTheirAlerts() throws Exception {
        try (ShopServers servers = ShopServers.start(folder);
                Shop shop = new Shop(servers.variables())) {
            shop.start(ORDERS);
            shop.start(Shop.WORKER);
            URI orders = shop.awaitReady(ORDERS);
            URI _ = shop.awaitReady(Shop.WORKER);
            PrometheusServer.Builder building = PrometheusServer.with(PrometheusBinaries.find())
                    .scrape("orders", Services.awaitManagement(shop.process(ORDERS)))
                    .scrape("worker", Services.awaitManagement(shop.process(Shop.WORKER)));
            Path rules = Files.createDirectories(folder.resolve("rules"));
            Rules.shipped().quick(rules, WINDOW, HOLD).files().forEach(building::rules);
            try (PrometheusServer prometheus = building.start()) {
                prometheus.awaitTargets();
                aWorkerThatIsHeldUpFallsBehind(servers, orders, prometheus);
                eventsThatCannotBeDeliveredGetOldAndDie(servers, orders, prometheus);
                long placed = ShopRecords.placed(servers);
                Await.until("all are confirmed", PATIENCE, PAUSE, () -> ShopRecords.confirmations(servers) == placed);
            }
        }
    }

    private static void aWorkerThatIsHeldUpFallsBehind(ShopServers servers, URI orders, PrometheusServer prometheus)
            throws Exception {
        place(1, orders);
        Await.until("the first is confirmed", PATIENCE, PAUSE, () -> ShopRecords.confirmations(servers) == 1);
        try (Connection holder = servers.connect("worker")) {
            holder.setAutoCommit(false);
            execute(holder, "LOCK TABLE confirmation IN ACCESS EXCLUSIVE MODE");
            place(150, orders);
            prometheus.awaitFiring("LynxKafkaConsumerLagging");
            holder.rollback();
        }
        prometheus.awaitQuiet("LynxKafkaConsumerLagging");
    }

    private static void eventsThatCannotBeDeliveredGetOldAndDie(
            ShopServers servers, URI orders, PrometheusServer prometheus) throws Exception {
        servers.stop(ShopServers.KAFKA);
        place(1, orders);
        try (Connection connection = servers.connect("orders")) {
            execute(connection, "UPDATE lynx_outbox SET created_at = created_at - 300000");
            prometheus.awaitFiring("LynxOutboxStalled");
            execute(connection, "UPDATE lynx_outbox SET state = 2, problem = 'a test'");
            prometheus.awaitFiring("LynxOutboxDeadLetters");
            prometheus.awaitQuiet("LynxOutboxStalled");

            servers.start(ShopServers.KAFKA, 1);
            execute(connection, "UPDATE lynx_outbox SET state = 0 WHERE state = 2");
            prometheus.awaitQuiet("LynxOutboxDeadLetters");
        }
        prometheus.awaitQuiet("LynxOutboxStalled");
    }

    private static void place(int count, URI orders) throws InterruptedException {
        try (OrderLoad load = new OrderLoad(count, _ -> orders)) {
            load.start(1);
            load.await(PATIENCE);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean _ = statement.execute(sql);
        }
    }
}
