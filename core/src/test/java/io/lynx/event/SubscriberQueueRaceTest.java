package io.lynx.event;

import io.lynx.event.Event.Priority;
import io.lynx.event.PublishResult.DropReason;
import java.util.ArrayDeque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks that every interleaving of a worker with publishers, a pause and a close gives a result that some order of them gives: above
 * all, that no event is lost or doubled.
 */
@Timeout(600)
public class SubscriberQueueRaceTest {
    /** Multiplies how far it goes. */
    private static final int FACTOR = Integer.getInteger("lynx.test.races", 1);

    private final SubscriberQueue queue = new SubscriberQueue(3, 1, false);

    @Operation
    public @Nullable DropReason offer(@Param(gen = IntGen.class) int number) {
        return queue.offer(TestEvents.of(number, Priority.NORMAL), null, null);
    }

    @Operation
    public @Nullable DropReason offerCritical(@Param(gen = IntGen.class) int number) {
        return queue.offer(TestEvents.of(number, Priority.CRITICAL), null, null);
    }

    @Operation
    public @Nullable Integer poll() {
        Event<?> event = queue.poll();
        return event == null ? null : TestEvents.number(event);
    }

    @Operation
    public int queued() {
        return queue.counts().queued();
    }

    @Operation
    public void pause() {
        queue.pause(true);
    }

    @Operation
    public void resume() {
        queue.pause(false);
    }

    @Operation(runOnce = true)
    public List<Integer> close() {
        return queue.close().stream().map(TestEvents::number).toList();
    }

    @Test
    void isLinearizableUnderModelChecking() {
        new ModelCheckingOptions()
                .iterations(4 * FACTOR)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(2)
                .sequentialSpecification(Specification.class)
                .check(SubscriberQueueRaceTest.class);
    }

    @Test
    void isLinearizableUnderStress() {
        new StressOptions()
                .iterations(5 * FACTOR)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(Specification.class)
                .check(SubscriberQueueRaceTest.class);
    }

    /** A queue of three with one place in reserve that is used by one thread. */
    public static class Specification {
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();
        private boolean closed;
        private boolean paused;

        public @Nullable DropReason offer(int number) {
            return put(number, 2);
        }

        public @Nullable DropReason offerCritical(int number) {
            return put(number, 3);
        }

        private @Nullable DropReason put(int number, int places) {
            if (closed) {
                return DropReason.CLOSED;
            }
            if (queue.size() >= places) {
                return DropReason.NO_ROOM;
            }
            queue.add(number);
            return null;
        }

        public @Nullable Integer poll() {
            return paused ? null : queue.poll();
        }

        public int queued() {
            return queue.size();
        }

        public void pause() {
            paused = true;
        }

        public void resume() {
            paused = false;
        }

        public List<Integer> close() {
            closed = true;
            List<Integer> left = List.copyOf(queue);
            queue.clear();
            return left;
        }
    }
}
