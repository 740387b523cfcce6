package io.lynx.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.lynx.examples.orders.v1.GetOrderRequest;
import io.lynx.examples.orders.v1.ImportOrdersResponse;
import io.lynx.examples.orders.v1.OrderChange;
import io.lynx.examples.orders.v1.OrderServiceGrpc;
import io.lynx.examples.orders.v1.OrderServiceGrpc.OrderServiceBlockingStub;
import io.lynx.examples.orders.v1.PlaceOrderRequest;
import io.lynx.examples.orders.v1.WatchOrdersRequest;
import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import io.lynx.testkit.LynxTest;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service of gRPC beside the routes: one order for both. */
@Timeout(120)
class OrderCallsTest {
    private static final PlaceOrderRequest LAMPS = PlaceOrderRequest.newBuilder()
            .setCustomer("ada")
            .setProduct("lamp")
            .setQuantity(2)
            .setUnitPrice("9.90")
            .build();

    /** Orders, and a connection to them. */
    private record Calls(LynxTest orders, ManagedChannel channel) implements AutoCloseable {
        static Calls of(LynxTest orders) {
            return new Calls(
                    orders,
                    OkHttpChannelBuilder.forAddress("127.0.0.1", orders.url().getPort())
                            .usePlaintext()
                            .build());
        }

        OrderServiceBlockingStub stub() {
            return OrderServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
        }

        OrderServiceBlockingStub as(String token) {
            Metadata metadata = new Metadata();
            metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
            ClientInterceptor credentials = MetadataUtils.newAttachHeadersInterceptor(metadata);
            return stub().withInterceptors(credentials);
        }

        CompletableFuture<Integer> importAll(List<PlaceOrderRequest> all) {
            CompletableFuture<Integer> placed = new CompletableFuture<>();
            StreamObserver<PlaceOrderRequest> requests = OrderServiceGrpc.newStub(channel)
                    .importOrders(new StreamObserver<ImportOrdersResponse>() {
                        @Override
                        public void onNext(ImportOrdersResponse answer) {
                            placed.complete(answer.getPlaced());
                        }

                        @Override
                        public void onError(Throwable failure) {
                            placed.completeExceptionally(failure);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            all.forEach(requests::onNext);
            requests.onCompleted();
            return placed;
        }

        @Override
        public void close() throws InterruptedException {
            channel.shutdownNow();
            boolean _ = channel.awaitTermination(20, TimeUnit.SECONDS);
            orders.close();
        }
    }

    /** The changes that a client has received, and how its call ended. */
    private static final class Watched implements StreamObserver<OrderChange> {
        final List<OrderChange> changes = new CopyOnWriteArrayList<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(OrderChange change) {
            changes.add(change);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    private static LynxTest.Builder orders(String... arguments) {
        return LynxTest.application(app -> Main.plugins(app.args(arguments), HttpServer.with(http -> {})))
                .with("lynx.http.port", "0")
                .with("lynx.metrics.prometheus.port", "0")
                .with("lynx.jdbc.orders.url", MemoryDatabase.newUrl());
    }

    private static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException failed) {
            return failed;
        }
        throw new AssertionError("the call succeeded");
    }

    private static Status.Code codeOf(Runnable call) {
        return failure(call).getStatus().getCode();
    }

    private static List<BadRequest.FieldViolation> details(Throwable failure) throws InvalidProtocolBufferException {
        com.google.rpc.Status status = StatusProto.fromThrowable(failure);
        assertThat(status).isNotNull();
        return status.getDetails(0).unpack(BadRequest.class).getFieldViolationsList();
    }

    private static List<String> violations(Throwable failure) throws InvalidProtocolBufferException {
        return details(failure).stream()
                .map(BadRequest.FieldViolation::getField)
                .toList();
    }

    @Test
    void anImportOfInvalidOrdersEndsAtAHundredProblems() throws Exception {
        try (Calls calls = Calls.of(orders().start())) {
            PlaceOrderRequest invalid = LAMPS.toBuilder().setQuantity(0).build();

            Throwable refused = calls.importAll(Collections.nCopies(500, invalid))
                    .handle((_, failure) -> failure)
                    .get(30, TimeUnit.SECONDS);

            assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(violations(refused)).startsWith("orders[0].quantity", "orders[1].quantity");
            int written = details(refused).size() - 1;
            assertThat(details(refused).getLast().getDescription()).isEqualTo("and " + (100 - written) + " more");
        }
    }

    @Test
    void placesOrdersThatTheRoutesReturnToo() throws Exception {
        try (Calls calls = Calls.of(orders().start())) {
            io.lynx.examples.orders.v1.Order placed = calls.stub().placeOrder(LAMPS);
            assertThat(placed.getTotal()).isEqualTo("19.80");
            assertThat(placed.getStatus()).isEqualTo(io.lynx.examples.orders.v1.OrderStatus.ORDER_STATUS_PLACED);

            Await.until(
                    "it is confirmed",
                    () -> calls.orders().get("/orders/" + placed.getId()).body().contains("CONFIRMED"));
            GetOrderRequest get =
                    GetOrderRequest.newBuilder().setId(placed.getId()).build();
            assertThat(calls.stub().getOrder(get).getStatus())
                    .isEqualTo(io.lynx.examples.orders.v1.OrderStatus.ORDER_STATUS_CONFIRMED);
            assertThat(codeOf(() -> calls.stub()
                            .getOrder(GetOrderRequest.newBuilder().setId(99).build())))
                    .isEqualTo(Status.Code.NOT_FOUND);
        }
    }

    @Test
    void namesEveryInvalidField() throws Exception {
        try (Calls calls = Calls.of(orders().start())) {
            StatusRuntimeException refused =
                    failure(() -> calls.stub().placeOrder(PlaceOrderRequest.getDefaultInstance()));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(violations(refused)).containsExactly("customer", "product", "quantity", "unitPrice");
            assertThat(calls.orders().metrics().sum("orders_placed_total")).isEqualTo(1);
        }
    }

    @Test
    void placesAllOrdersOfAnImportOrNone() throws Exception {
        try (Calls calls = Calls.of(orders().start())) {
            assertThat(calls.importAll(List.of(LAMPS, LAMPS, LAMPS)).get(30, TimeUnit.SECONDS))
                    .isEqualTo(3);

            Throwable refused = calls.importAll(
                            List.of(LAMPS, LAMPS.toBuilder().setQuantity(0).build()))
                    .handle((_, failure) -> failure)
                    .get(30, TimeUnit.SECONDS);

            assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(violations(refused)).containsExactly("orders[1].quantity");
            assertThat(calls.orders().get("/orders?latest=true").body())
                    .contains("\"id\":3")
                    .doesNotContain("\"id\":4");
        }
    }

    @Test
    void sendsChangesUntilTheShutdown() throws Exception {
        LynxTest orders = orders().start();
        try (Calls calls = Calls.of(orders)) {
            Watched watched = new Watched();
            OrderServiceGrpc.newStub(calls.channel()).watchOrders(WatchOrdersRequest.getDefaultInstance(), watched);
            Await.until("changes arrive", () -> {
                assertThat(orders.post(
                                        "/orders",
                                        "{\"customer\":\"ada\",\"product\":\"lamp\",\"quantity\":1,"
                                                + "\"unitPrice\":9.90}")
                                .status())
                        .isEqualTo(201);
                return !watched.changes.isEmpty();
            });
            Await.until("each change arrives", () -> watched.changes.stream()
                    .map(OrderChange::getTopic)
                    .toList()
                    .containsAll(List.of("order.placed", "order.changed")));
            assertThat(watched.changes.getFirst().getOrder().getProduct()).isEqualTo("lamp");

            orders.close();

            assertThat(watched.end.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void anUnavailableDatabaseIsUnavailableForCallsToo() throws Exception {
        try (Calls calls = Calls.of(orders().start())) {
            assertThat(calls.orders().put("/faults/database", "down").status()).isEqualTo(200);

            assertThat(codeOf(() -> calls.stub().placeOrder(LAMPS))).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void rolesDecideWhoChangesSomething() throws Exception {
        try (OrdersIssuer issuer = new OrdersIssuer();
                Calls calls =
                        Calls.of(issuer.trustedBy(orders("--profile", "dev")).start())) {
            String clerk = issuer.token("ada", "clerk");
            String nobody = issuer.token("eve");

            assertThat(codeOf(() -> calls.stub().placeOrder(LAMPS))).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(codeOf(() -> calls.as("rubbish").placeOrder(LAMPS))).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(codeOf(() -> calls.as(nobody).placeOrder(LAMPS))).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(calls.as(clerk).placeOrder(LAMPS).getId()).isEqualTo(1);
            Throwable refused = calls.importAll(List.of(LAMPS))
                    .handle((_, failure) -> failure)
                    .get(30, TimeUnit.SECONDS);
            assertThat(Status.fromThrowable(refused).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(calls.stub()
                            .getOrder(GetOrderRequest.newBuilder().setId(1).build())
                            .getProduct())
                    .isEqualTo("lamp");
        }
    }
}
