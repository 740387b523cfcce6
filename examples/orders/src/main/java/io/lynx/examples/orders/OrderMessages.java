package io.lynx.examples.orders;

import com.google.protobuf.Timestamp;
import io.lynx.examples.orders.v1.PlaceOrderRequest;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Converts orders from and to the messages of {@code orders.v1.OrderService}. Stateless. */
final class OrderMessages {
    private static final int LONGEST_PRICE = 20;

    private OrderMessages() {}

    /** Returns what a request says; what is not set or not a number is null, which is refused later. */
    static NewOrder of(PlaceOrderRequest request) {
        return new NewOrder(
                request.getCustomer(), request.getProduct(), request.getQuantity(), decimal(request.getUnitPrice()));
    }

    private static @Nullable BigDecimal decimal(String text) {
        try {
            return text.length() > LONGEST_PRICE ? null : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static io.lynx.examples.orders.v1.Order of(Order order) {
        Instant placedAt = order.placedAt();
        return io.lynx.examples.orders.v1.Order.newBuilder()
                .setId(order.id())
                .setCustomer(order.customer())
                .setProduct(order.product())
                .setQuantity(order.quantity())
                .setUnitPrice(order.unitPrice().toPlainString())
                .setTotal(order.total().toPlainString())
                .setStatus(
                        switch (order.status()) {
                            case PLACED -> io.lynx.examples.orders.v1.OrderStatus.ORDER_STATUS_PLACED;
                            case CONFIRMED -> io.lynx.examples.orders.v1.OrderStatus.ORDER_STATUS_CONFIRMED;
                        })
                .setPlacedAt(Timestamp.newBuilder()
                        .setSeconds(placedAt.getEpochSecond())
                        .setNanos(placedAt.getNano()))
                .build();
    }
}
