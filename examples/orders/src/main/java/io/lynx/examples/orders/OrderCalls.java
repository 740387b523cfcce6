package io.lynx.examples.orders;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.lynx.examples.orders.v1.GetOrderRequest;
import io.lynx.examples.orders.v1.ImportOrdersResponse;
import io.lynx.examples.orders.v1.OrderChange;
import io.lynx.examples.orders.v1.OrderServiceGrpc;
import io.lynx.examples.orders.v1.PlaceOrderRequest;
import io.lynx.examples.orders.v1.WatchOrdersRequest;
import io.lynx.grpc.GrpcErrors;
import io.lynx.grpc.StreamingCall;
import io.lynx.http.HttpException;
import io.lynx.http.ValidationException;
import io.lynx.http.ValidationException.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The service {@code orders.v1.OrderService}: what the routes below {@code /orders} do, for clients of gRPC. Callbacks may block, since
 * each burst of them has a virtual thread. Thread-safe.
 */
final class OrderCalls extends OrderServiceGrpc.OrderServiceImplBase {
    private final OrderReading reading;
    private final OrderPlacing placing;
    private final PlacedOrders counted;
    private final AccessConfig access;
    private final OrderWatchers watchers;

    OrderCalls(
            OrderReading reading,
            OrderPlacing placing,
            PlacedOrders counted,
            AccessConfig access,
            OrderWatchers watchers) {
        this.reading = reading;
        this.placing = placing;
        this.counted = counted;
        this.access = access;
        this.watchers = watchers;
    }

    @Override
    public void placeOrder(PlaceOrderRequest request, StreamObserver<io.lynx.examples.orders.v1.Order> answer) {
        access.checkClerk();
        answer(
                answer,
                () -> OrderMessages.of(counted.count(() -> {
                    placing.acquire();
                    return placing.place(OrderMessages.of(request).validated());
                })));
    }

    @Override
    public void getOrder(GetOrderRequest request, StreamObserver<io.lynx.examples.orders.v1.Order> answer) {
        answer(answer, () -> OrderMessages.of(reading.read(request.getId())));
    }

    @Override
    public void watchOrders(WatchOrdersRequest request, StreamObserver<OrderChange> answer) {
        if (answer instanceof ServerCallStreamObserver<OrderChange> client) {
            watchers.join(client);
            StreamingCall.onDrain(_ -> watchers.end(client));
        }
    }

    @Override
    public StreamObserver<PlaceOrderRequest> importOrders(StreamObserver<ImportOrdersResponse> answer) {
        access.checkManager();
        return new Import(answer);
    }

    /** The orders of one import. Its callbacks come one at a time. */
    private final class Import implements StreamObserver<PlaceOrderRequest> {
        private final StreamObserver<ImportOrdersResponse> answer;
        private final List<NewOrder.Valid> orders = new ArrayList<>();
        private final List<FieldError> problems = new ArrayList<>();
        private int received;
        private boolean isRefused;

        Import(StreamObserver<ImportOrdersResponse> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(PlaceOrderRequest request) {
            if (isRefused) {
                return;
            }
            if (received == OrderCsv.MOST_ORDERS) {
                isRefused = true;
                answer.onError(Status.INVALID_ARGUMENT
                        .withDescription("more than " + OrderCsv.MOST_ORDERS + " orders")
                        .asRuntimeException());
                return;
            }
            try {
                orders.add(OrderMessages.of(request).validated());
            } catch (ValidationException invalid) {
                for (FieldError error : invalid.errors()) {
                    problems.add(new FieldError("orders[" + received + "]." + error.field(), error.message()));
                }
            }
            received++;
            if (problems.size() >= OrderCsv.MOST_PROBLEMS) {
                isRefused = true;
                answer.onError(refusal(new ValidationException(problems)));
            }
        }

        @Override
        public void onError(Throwable cancelled) {
            // Nothing has been placed.
        }

        @Override
        public void onCompleted() {
            if (!isRefused) {
                answer(answer, this::place);
            }
        }

        private ImportOrdersResponse place() throws Exception {
            if (!problems.isEmpty()) {
                throw new ValidationException(problems);
            }
            placing.acquire();
            int placed = placing.placeAll(orders).size();
            counted.imported(placed);
            return ImportOrdersResponse.newBuilder().setPlaced(placed).build();
        }
    }

    /** Answers with what {@code call} returns, or with the status that its failure means. */
    private static <T> void answer(StreamObserver<T> answer, Callable<T> call) {
        T message;
        try {
            message = call.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.onError(e);
            return;
        } catch (Exception e) {
            answer.onError(refusal(e));
            return;
        }
        answer.onNext(message);
        answer.onCompleted();
    }

    /** The refusals of the routes, as those of gRPC; the server maps all other exceptions. */
    private static Exception refusal(Exception failure) {
        if (failure instanceof ValidationException invalid) {
            Map<String, String> violations = new LinkedHashMap<>();
            invalid.errors().forEach(error -> violations.put(error.field(), error.message()));
            return GrpcErrors.invalid("the order is not valid", violations);
        }
        if (failure instanceof HttpException missing && missing.status() == 404) {
            return Status.NOT_FOUND.withDescription(missing.getMessage()).asRuntimeException();
        }
        return failure;
    }
}
