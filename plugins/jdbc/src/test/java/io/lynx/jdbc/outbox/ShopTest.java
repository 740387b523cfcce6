package io.lynx.jdbc.outbox;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxExtension;
import io.lynx.testkit.LynxTest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The test of the guide to the outbox. */
// snippet: outbox-test
@ExtendWith(LynxExtension.class)
class ShopTest {
    private static final LynxTest lynx = LynxTest.of(
                    new JdbcPlugin(), new OutboxPlugin(), new InboxPlugin(), new ShopPlugin())
            .with("lynx.jdbc.url", "jdbc:h2:mem:ShopTest;INIT=RUNSCRIPT FROM 'classpath:db/shop.sql'")
            .with("lynx.jdbc.migrations.enabled", "false")
            .build();

    @Test
    void anOrderReservesItsLampsOnce() throws SQLException {
        lynx.resource(ShopPlugin.SHOP).place("o-1", 3);

        Await.until("the lamps are reserved", () -> lamps() == 97);
    }

    private static int lamps() throws SQLException {
        return lynx.resource(JdbcPlugin.transactions()).in(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT left_over FROM stock WHERE item = 'lamp'")) {
                rows.next();
                return rows.getInt(1);
            }
        });
    }
}
// end
