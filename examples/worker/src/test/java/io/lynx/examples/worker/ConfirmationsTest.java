package io.lynx.examples.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.event.EventReceipt;
import io.lynx.event.ReceivedEvent;
import io.lynx.http.HttpServer;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.testkit.Await;
import io.lynx.testkit.HttpReply;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole service, which receives events from its own bus in place of the bridge. */
@ExtendWith(LynxExtension.class)
class ConfirmationsTest {
    private static final LynxTest lynx = LynxTest.application(app -> Main.plugins(app, HttpServer.with(http -> {})))
            .with("lynx.http.port", "0")
            .with("lynx.metrics.prometheus.port", "0")
            .build();

    @Test
    void confirmsAnOrder() {
        EventBuses events = lynx.application().events();

        var _ = events.publish(ConfirmationsPlugin.PLACED, new OrderPlaced(7, "ada", new BigDecimal("19.80")));
        Await.until("the order is confirmed", () -> lynx.get("/confirmations/7").status() == 200);

        assertThat(lynx.get("/confirmations/7").body()).isEqualTo("{\"order\":7,\"customer\":\"ada\",\"total\":19.80}");
    }

    @Test
    void confirmsAnOrderOnceThoughItsEventIsDeliveredAgain() throws Exception {
        for (int i = 0; i < 2; i++) {
            EventReceipt delivery = new EventReceipt(new ReceivedEvent("e-9", Instant.EPOCH, EventHeaders.NONE));
            lynx.application()
                    .events()
                    .receive(ConfirmationsPlugin.PLACED, new OrderPlaced(9, "ada", BigDecimal.TEN), delivery);
            Await.until(
                    "the event is processed",
                    () -> delivery.outcome().toCompletableFuture().isDone());
        }

        Transactions transactions = lynx.resource(JdbcPlugin.transactions("worker"));
        int confirmations = transactions.in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM confirmation WHERE order_id = 9")) {
                rows.next();
                return rows.getInt(1);
            }
        });
        assertThat(confirmations).isEqualTo(1);
    }

    @Test
    void answers404ForAnOrderThatIsNotConfirmed() {
        assertThat(lynx.get("/confirmations/8").status()).isEqualTo(404);
    }

    @Test
    void refusesAnIdThatIsNotANumber() {
        HttpReply refused = lynx.get("/confirmations/x");

        assertThat(refused.status()).isEqualTo(400);
    }
}
