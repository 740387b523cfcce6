package io.lynx.event;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What must hold of {@link BiasedCounter} while its threads still find out which of them owns it. */
public final class BiasedCounterStress {
    private BiasedCounterStress() {}

    /** Nothing is lost, whoever becomes the owner. */
    @JCStressTest
    @State
    @Outcome(id = "3", expect = Expect.ACCEPTABLE, desc = "all three")
    public static class CountsAll {
        private final BiasedCounter counter = new BiasedCounter();

        /** Counts. */
        @Actor
        public void one() {
            counter.increment();
        }

        /** Counts. */
        @Actor
        public void other() {
            counter.incrementByWorker();
            counter.increment();
        }

        /** Looks afterwards. */
        @Arbiter
        public void look(I_Result result) {
            result.r1 = (int) counter.sum();
        }
    }

    /** No two get the same number. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 1, 2", "1, 0, 2"},
            expect = Expect.ACCEPTABLE,
            desc = "one is the owner")
    @Outcome(
            id = {"1, 3, 2", "3, 1, 2"},
            expect = Expect.FORBIDDEN,
            desc = "nobody is")
    public static class NumbersDiffer {
        private final BiasedCounter counter = new BiasedCounter();

        /** Takes a number. */
        @Actor
        public void one(III_Result result) {
            result.r1 = (int) counter.next();
        }

        /** Takes a number. */
        @Actor
        public void other(III_Result result) {
            result.r2 = (int) counter.next();
        }

        /** Looks afterwards. */
        @Arbiter
        public void look(III_Result result) {
            result.r3 = (int) counter.sum();
        }
    }
}
