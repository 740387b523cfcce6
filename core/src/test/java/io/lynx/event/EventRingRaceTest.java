package io.lynx.event;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Is every interleaving of offers, displacements, polls and a close as if they had come one after the other? */
@Timeout(120)
public class EventRingRaceTest {
    private final EventRing<Integer> ring = new EventRing<>(3, 1);

    @Operation
    public int offer(@Param(gen = IntGen.class) int element) {
        return ring.offer(element, false);
    }

    @Operation
    public int offerUrgent(@Param(gen = IntGen.class) int element) {
        return ring.offer(element, true);
    }

    /** Null only if the ring is empty: waits for a writer that has claimed a slot and not filled it yet. */
    @Operation
    public @Nullable Integer poll() {
        while (true) {
            Integer element = ring.poll();
            if (element != null || ring.isEmpty()) {
                return element;
            }
            Thread.onSpinWait();
        }
    }

    @Operation(runOnce = true)
    public void close() {
        ring.close();
    }

    @Test
    void isLinearizableUnderModelChecking() {
        new ModelCheckingOptions()
                .iterations(30)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(2)
                .sequentialSpecification(Specification.class)
                .check(EventRingRaceTest.class);
    }

    @Test
    void isLinearizableUnderStress() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(2_000)
                .threads(3)
                .actorsPerThread(3)
                .sequentialSpecification(Specification.class)
                .check(EventRingRaceTest.class);
    }

    /** What a ring of three with one place in reserve does when it is alone. */
    public static class Specification {
        private final java.util.ArrayDeque<Integer> queue = new java.util.ArrayDeque<>();
        private boolean closed;

        public int offer(int element) {
            return put(element, 2);
        }

        public int offerUrgent(int element) {
            return put(element, 3);
        }

        private int put(int element, int places) {
            if (closed) {
                return EventRing.CLOSED;
            }
            if (queue.size() >= places) {
                return EventRing.FULL;
            }
            queue.add(element);
            return EventRing.TAKEN;
        }

        public @Nullable Integer poll() {
            return queue.poll();
        }

        public void close() {
            closed = true;
        }
    }
}
