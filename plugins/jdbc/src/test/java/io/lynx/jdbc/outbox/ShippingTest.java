package io.lynx.jdbc.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.ShippingPlugin.OrderPlaced;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The receiving service of the guide to the outbox, with an event that no bridge has brought. */
@ExtendWith(LynxExtension.class)
class ShippingTest {
    private static final LynxTest lynx = LynxTest.of(new JdbcPlugin(), new InboxPlugin(), new ShippingPlugin())
            .with(
                    "lynx.jdbc.url",
                    "jdbc:h2:mem:ShippingTest;INIT=CREATE TABLE IF NOT EXISTS shipment (order_id VARCHAR(50), lamps INT)")
            .with("lynx.jdbc.migrations.enabled", "false")
            .build();

    @Test
    void anOrderIsShipped() {
        assertThat(lynx.context("shipping")
                        .events()
                        .publish(ShippingPlugin.PLACED, new OrderPlaced("o-1", 3))
                        .isAccepted())
                .isTrue();

        Await.until("the order is shipped", () -> lamps() == 3);
    }

    private static int lamps() throws SQLException {
        return lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT sum(lamps) FROM shipment WHERE order_id = 'o-1'")) {
                boolean _ = rows.next();
                return rows.getInt(1);
            }
        });
    }
}
