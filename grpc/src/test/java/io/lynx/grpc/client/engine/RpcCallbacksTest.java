package io.lynx.grpc.client.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.grpc.engine.wire.InboundMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The callbacks of a call, with executors and listeners that fail. */
class RpcCallbacksTest {
    private static final MethodDescriptor<Integer, Integer> METHOD = MethodDescriptor.<Integer, Integer>newBuilder()
            .setType(MethodType.BIDI_STREAMING)
            .setFullMethodName("test.v1.Lengths/Bidi")
            .setRequestMarshaller(new Length())
            .setResponseMarshaller(new Length())
            .build();
    private static final InboundMessage EMPTY = new InboundMessage(new byte[0], 0, 0, false);

    private final List<String> delivered = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** What the listener does inside its {@code onHeaders}. */
    private Runnable atHeaders = () -> {};

    /** What the listener does inside its {@code onClose}. */
    private Runnable atClose = () -> {};

    private static final class Length implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer length) {
            return new ByteArrayInputStream(new byte[length]);
        }

        @Override
        public Integer parse(InputStream in) {
            return 0;
        }
    }

    private final class Listener extends ClientCall.Listener<Integer> {
        @Override
        public void onHeaders(Metadata headers) {
            delivered.add("headers");
            atHeaders.run();
        }

        @Override
        public void onMessage(Integer message) {
            delivered.add("message");
        }

        @Override
        public void onReady() {
            delivered.add("ready");
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            delivered.add("closed " + status.getCode());
            atClose.run();
        }
    }

    /** Ends a call whose callback fails as a call does. */
    private static final class Owner implements RpcCallbacks.Owner {
        private final List<RpcCallbacks<?>> owned = new ArrayList<>();

        @Override
        public void taken(long stillWaiting) {}

        @Override
        public void unreadable(Status status) {
            owned.forEach(callbacks -> callbacks.replaceEnd(status));
        }

        @Override
        public void callbackFailed(Throwable failure) {
            owned.forEach(callbacks -> callbacks.replaceEnd(Status.CANCELLED.withCause(failure)));
        }
    }

    private RpcCallbacks<Integer> callbacks(Executor executor) {
        Owner owner = new Owner();
        RpcCallbacks<Integer> made = new RpcCallbacks<>(
                new Listener(),
                new RpcCoding<>(METHOD, "", 1_000, "max_message_size"),
                executor,
                Context.current(),
                RequestContext.current(),
                owner);
        owner.owned.add(made);
        return made;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void anEndWhoseCallbackThrowsIsNotReportedAgain() {
        RpcCallbacks<Integer> callbacks = callbacks(Runnable::run);
        atClose = () -> {
            if (delivered.size() < 5) {
                throw new IllegalStateException("broken");
            }
        };

        callbacks.close(Status.OK, new Metadata(), false);

        assertThat(delivered).containsExactly("closed OK");
    }

    @Test
    void nothingIsDeliveredAfterTheEnd() {
        RpcCallbacks<Integer> callbacks = callbacks(Runnable::run);
        callbacks.request(1);
        atClose = () -> {
            callbacks.headers(new Metadata());
            callbacks.ready();
            assertThat(callbacks.message(EMPTY)).isZero();
        };

        callbacks.close(Status.CANCELLED, new Metadata(), true);

        assertThat(delivered).containsExactly("closed CANCELLED");
    }

    @Test
    void anExecutorThatHasThrownIsUsedAgain() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        RpcCallbacks<Integer> callbacks = callbacks(task -> {
            if (isBroken.getAndSet(false)) {
                throw new IllegalStateException("broken");
            }
            tasks.add(task);
        });

        assertThatThrownBy(() -> callbacks.headers(new Metadata())).hasMessage("broken");
        callbacks.close(Status.OK, new Metadata(), false);
        runTasks();

        assertThat(delivered).containsExactly("headers", "closed OK");
    }

    @Test
    void aTaskThatIsRunTwiceDoesNotDeliverBesideItself() {
        RpcCallbacks<Integer> callbacks = callbacks(tasks::add);
        atHeaders = () -> {
            callbacks.ready();
            callbacks.run();
            delivered.add("headers returned");
        };

        callbacks.headers(new Metadata());
        runTasks();

        assertThat(delivered).containsExactly("headers", "headers returned", "ready");
    }
}
