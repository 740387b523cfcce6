package io.lynx.http;

import io.lynx.extension.ExtensionPoint;
import io.lynx.json.TypeOf;
import java.util.function.Consumer;

/**
 * A handler whose types are known: it reads its input, answers with JSON, and so describes its route.
 *
 * <pre>{@code
 * routes.post("/orders", TypedHandler.body(NewOrder.class)
 *         .answers(201, Order.class)
 *         .by((order, request, response) -> orders.create(order)));
 * }</pre>
 *
 * Immutable and thread-safe, as far as the function is.
 */
public final class TypedHandler implements HttpHandler {
    private final HttpHandler handler;
    private final Consumer<RouteDescription> description;

    private TypedHandler(HttpHandler handler, Consumer<RouteDescription> description) {
        this.handler = handler;
        this.description = description;
    }

    /** Begins a handler that reads a body of JSON. */
    public static <I> Reading<I> body(Class<I> type) {
        return body(TypeOf.of(type));
    }

    /** Begins a handler that reads a body of JSON. */
    public static <I> Reading<I> body(TypeOf<I> type) {
        return new Reading<>(request -> request.json(type), route -> route.body(type));
    }

    /** Begins a handler that reads parameters into a record; see {@link Request#bind}. */
    public static <I extends Record> Reading<I> bind(Class<I> type) {
        return new Reading<>(request -> request.bind(type), route -> route.parameters(type));
    }

    /** Begins a handler that reads nothing but variables of its path. */
    public static Reading<Request> request() {
        return new Reading<>(request -> request, _ -> {});
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        handler.handle(request, response);
    }

    /** Fills in what is known about the route. */
    Consumer<RouteDescription> description() {
        return description;
    }

    /** Reads the input of a request. */
    @FunctionalInterface
    interface Input<I> {
        I of(Request request);
    }

    /**
     * Makes the answer to a request.
     *
     * @param <I> what was read from the request
     * @param <A> the answer
     */
    @ExtensionPoint(thread = "that of a handler", deadline = "that of a handler")
    @FunctionalInterface
    public interface Function<I, A> {
        /**
         * Returns what is sent as JSON.
         *
         * @param response for headers; the status and the body follow
         * @throws Exception is treated as if a handler had thrown it
         */
        A answer(I input, Request request, Response response) throws Exception;
    }

    /** A handler whose input is known. Immutable. */
    public static final class Reading<I> {
        private final Input<I> input;
        private final Consumer<RouteDescription> description;

        private Reading(Input<I> input, Consumer<RouteDescription> description) {
            this.input = input;
            this.description = description;
        }

        /** Returns a handler that answers with 200. */
        public <A> Answering<I, A> answers(Class<A> type) {
            return answers(200, TypeOf.of(type));
        }

        /** Returns a handler that answers with 200. */
        public <A> Answering<I, A> answers(TypeOf<A> type) {
            return answers(200, type);
        }

        /** Returns a handler that answers with that status. */
        public <A> Answering<I, A> answers(int status, Class<A> type) {
            return answers(status, TypeOf.of(type));
        }

        /** Returns a handler that answers with that status. */
        public <A> Answering<I, A> answers(int status, TypeOf<A> type) {
            return function -> new TypedHandler(
                    (request, response) -> {
                        A answer = function.answer(input.of(request), request, response);
                        response.status(status).json(answer);
                    },
                    description.andThen(route -> route.answers(status, type)));
        }
    }

    /** A handler whose types are known, without the function that answers. Immutable. */
    @FunctionalInterface
    public interface Answering<I, A> {
        /** Returns the handler. */
        TypedHandler by(Function<I, A> function);
    }
}
