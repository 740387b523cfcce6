package io.lynx.event;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What must hold of {@link EventRing} on a real memory, one question a class. */
public final class EventRingStress {
    private EventRingStress() {}

    private static int or(@Nullable Integer element, int none) {
        return element == null ? none : element;
    }

    /** An element is seen whole or not at all, and in the order of its writer. */
    @JCStressTest
    @State
    @Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "nothing yet")
    @Outcome(id = "1, -1", expect = Expect.ACCEPTABLE, desc = "the first")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "both, in order")
    @Outcome(id = "-1, 1", expect = Expect.ACCEPTABLE, desc = "the first, a little later")
    public static class InOrder {
        private final EventRing<Integer> ring = new EventRing<>(2, 0);

        /** Writes. */
        @Actor
        public void writer() {
            ring.offer(1, false);
            ring.offer(2, false);
        }

        /** Reads. */
        @Actor
        public void reader(II_Result result) {
            result.r1 = or(ring.poll(), -1);
            result.r2 = or(ring.poll(), -1);
        }
    }

    /** An element is taken once, by the consumer or by one who displaces. */
    @JCStressTest
    @State
    @Outcome(
            id = {"7, -1", "-1, 7"},
            expect = Expect.ACCEPTABLE,
            desc = "one of them has it")
    public static class TakenOnce {
        private final EventRing<Integer> ring = new EventRing<>(2, 0);

        /** Puts it in. */
        public TakenOnce() {
            ring.offer(7, false);
        }

        /** Takes. */
        @Actor
        public void one(II_Result result) {
            result.r1 = or(ring.poll(), -1);
        }

        /** Takes if it may. */
        @Actor
        public void other(II_Result result) {
            result.r2 = or(ring.poll(element -> element == 7), -1);
        }
    }

    /** Two writers at the last place: one gets it. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1", "1, 0"},
            expect = Expect.ACCEPTABLE,
            desc = "one fits")
    public static class LastPlace {
        private final EventRing<Integer> ring = new EventRing<>(2, 0);

        /** Leaves one place. */
        public LastPlace() {
            ring.offer(7, false);
        }

        /** Writes. */
        @Actor
        public void one(II_Result result) {
            result.r1 = ring.offer(1, false);
        }

        /** Writes. */
        @Actor
        public void other(II_Result result) {
            result.r2 = ring.offer(2, true);
        }
    }

    /** After a close the count is final: what was let in can be taken out, and nothing else. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 5", expect = Expect.ACCEPTABLE, desc = "in before the close")
    @Outcome(id = "2, 0, -1", expect = Expect.ACCEPTABLE, desc = "too late")
    @Outcome(id = "0, 0, 5", expect = Expect.FORBIDDEN, desc = "let in after the count")
    public static class ExactClose {
        private final EventRing<Integer> ring = new EventRing<>(2, 0);

        /** Writes. */
        @Actor
        public void writer(III_Result result) {
            result.r1 = ring.offer(5, false);
        }

        /** Closes and counts. */
        @Actor
        public void closer(III_Result result) {
            ring.close();
            result.r2 = (int) ring.claimed();
        }

        /** Takes out. */
        @Arbiter
        public void after(III_Result result) {
            result.r3 = or(ring.poll(), -1);
        }
    }

    /** A consumer that goes to sleep and a writer do not miss each other: the handshake of the class's design. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "somebody noticed")
    @Outcome(id = "1", expect = Expect.FORBIDDEN, desc = "asleep beside an element")
    public static class NoLostWakeUp {
        private final EventRing<Integer> ring = new EventRing<>(2, 0);
        private final PaddedLong sleepers = new PaddedLong();
        private boolean sleeps;
        private boolean woken;

        /** Writes, and looks for sleepers. */
        @Actor
        public void writer() {
            ring.offer(1, false);
            woken = sleepers.get() != 0;
        }

        /** Announces its sleep, and looks for elements. */
        @Actor
        public void consumer() {
            sleepers.getAndAdd(1);
            sleeps = ring.isEmpty();
        }

        /** Tells. */
        @Arbiter
        public void after(I_Result result) {
            result.r1 = sleeps && !woken ? 1 : 0;
        }
    }
}
