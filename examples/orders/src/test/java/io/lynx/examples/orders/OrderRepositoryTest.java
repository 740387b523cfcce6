package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OrderRepositoryTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006789Z");
    private static final NewOrder.Valid TWO_LAMPS = new NewOrder.Valid("ada", "lamp", 2, new BigDecimal("9.90"));

    @AutoClose
    private final MemoryDatabase database = new MemoryDatabase();

    private final OrderRepository orders = database.orders();

    @Test
    void findsAPlacedOrder() throws SQLException {
        Order placed = orders.place(TWO_LAMPS, NOW);

        assertThat(placed)
                .isEqualTo(new Order(
                        1,
                        "ada",
                        "lamp",
                        2,
                        new BigDecimal("9.90"),
                        new BigDecimal("19.80"),
                        OrderStatus.PLACED,
                        Instant.parse("2026-01-02T03:04:05.006Z")));
        assertThat(orders.find(1)).contains(placed);
        assertThat(orders.find(2)).isEmpty();
    }

    @Test
    void storesWhatLooksLikeSqlAsText() throws SQLException {
        String text = "'); DROP TABLE orders; --";

        Order placed = orders.place(new NewOrder.Valid(text, text, 1, new BigDecimal("1.00")), NOW);

        assertThat(orders.find(placed.id())).contains(placed);
        assertThat(placed.customer()).isEqualTo(text);
    }

    @Test
    void returnsPagesInTheOrderOfIds() throws SQLException {
        for (int i = 0; i < 5; i++) {
            orders.place(TWO_LAMPS, NOW);
        }

        assertThat(orders.page(0, 2)).extracting(Order::id).containsExactly(1L, 2L);
        assertThat(orders.page(2, 2)).extracting(Order::id).containsExactly(3L, 4L);
        assertThat(orders.page(4, 2)).extracting(Order::id).containsExactly(5L);
        assertThat(orders.page(5, 2)).isEmpty();
    }

    @Test
    void confirmsOnce() throws SQLException {
        Order placed = orders.place(TWO_LAMPS, NOW);
        Order other = orders.place(TWO_LAMPS, NOW);

        assertThat(orders.confirm(placed.id())).isTrue();
        assertThat(orders.confirm(placed.id())).isFalse();
        assertThat(orders.confirm(99)).isFalse();

        assertThat(orders.find(placed.id())).contains(placed.confirmed());
        assertThat(orders.unconfirmed(0, 10)).isEqualTo(List.of(other));
        assertThat(orders.unconfirmed(other.id(), 10)).isEmpty();
    }

    @Test
    void placesAllOrdersOrNone() throws SQLException {
        NewOrder.Valid tooLong = new NewOrder.Valid("ada", "x".repeat(101), 1, new BigDecimal("1.00"));

        assertThatThrownBy(() -> orders.placeAll(List.of(TWO_LAMPS, tooLong), NOW))
                .isInstanceOf(SQLException.class);
        assertThat(orders.page(0, 10)).isEmpty();

        List<Order> placed = orders.placeAll(List.of(TWO_LAMPS, TWO_LAMPS), NOW);
        assertThat(orders.page(0, 10)).isEqualTo(placed);
        assertThat(orders.latest(1)).containsExactly(placed.getLast());
    }
}
