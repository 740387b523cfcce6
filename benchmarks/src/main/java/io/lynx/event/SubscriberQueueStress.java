package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** What must hold of {@link SubscriberQueue}, one question a class. */
public final class SubscriberQueueStress {
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);
    private static final TopicChannel CHANNEL = new TopicChannel(
            NUMBERS, Events.builder().scheduler((delay, task) -> () -> false).build(), null);

    private SubscriberQueueStress() {}

    private static boolean offer(SubscriberQueue queue, int number) {
        return queue.offer(new Event<>(CHANNEL, number, EventHeaders.NONE, 0), null, null) == null;
    }

    private static int number(@Nullable Event<?> event) {
        return event == null ? -1 : (Integer) event.payload();
    }

    /** An event is taken by the worker or returned by the close, never both and never neither. */
    @JCStressTest
    @State
    @Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "taken before the close")
    @Outcome(id = "-1, 2", expect = Expect.ACCEPTABLE, desc = "returned")
    public static class TakeOrClose {
        private final SubscriberQueue queue = new SubscriberQueue(4, 0, false);

        /** Leaves two events. */
        public TakeOrClose() {
            boolean _ = offer(queue, 1) && offer(queue, 2) && offer(queue, 3);
            Event<?> _ = queue.poll();
        }

        /** Takes one. */
        @Actor
        public void worker(II_Result result) {
            result.r1 = number(queue.poll());
        }

        /** Closes. */
        @Actor
        public void closer(II_Result result) {
            List<Event<?>> left = queue.close();
            result.r2 = left.size();
        }
    }

    /** The place of a taken event is free, and no other. */
    @JCStressTest
    @State
    @Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "one place was free in time")
    @Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "one place was free in time")
    @Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "both came before the worker")
    @Outcome(id = "true, true", expect = Expect.FORBIDDEN, desc = "more than the capacity")
    public static class ExactCapacity {
        private final SubscriberQueue queue = new SubscriberQueue(2, 0, false);

        /** Fills the queue. */
        public ExactCapacity() {
            boolean _ = offer(queue, 1) && offer(queue, 2);
        }

        /** Takes one. */
        @Actor
        public void worker() {
            Event<?> _ = queue.poll();
        }

        /** Publishes. */
        @Actor
        public void one(ZZ_Result result) {
            result.r1 = offer(queue, 3);
        }

        /** Publishes. */
        @Actor
        public void other(ZZ_Result result) {
            result.r2 = offer(queue, 4);
        }
    }

    /** The account adds up while the worker takes events. */
    @JCStressTest
    @State
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "before the worker")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "after the worker")
    public static class ExactCount {
        private final SubscriberQueue queue = new SubscriberQueue(4, 0, false);

        /** Leaves two events. */
        public ExactCount() {
            boolean _ = offer(queue, 1) && offer(queue, 2);
        }

        /** Takes one. */
        @Actor
        public void worker(II_Result result) {
            result.r1 = number(queue.poll());
        }

        /** Counts. */
        @Actor
        public void reader(II_Result result) {
            result.r2 = queue.counts().queued();
        }
    }

    /** A closed queue accepts no event. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "accepted before the close, returned by it")
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "too late")
    public static class ExactClose {
        private final SubscriberQueue queue = new SubscriberQueue(4, 0, false);
        private int returned;

        /** Publishes. */
        @Actor
        public void publisher(II_Result result) {
            result.r1 = offer(queue, 1) ? 1 : 0;
        }

        /** Closes. */
        @Actor
        public void closer() {
            returned = queue.close().size();
        }

        /** Compares. */
        @Arbiter
        public void after(II_Result result) {
            result.r2 = result.r1 - returned;
        }
    }
}
