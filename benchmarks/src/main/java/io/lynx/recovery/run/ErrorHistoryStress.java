package io.lynx.recovery.run;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The properties of {@link ErrorHistory} under a real memory model, one for each class. */
public final class ErrorHistoryStress {
    private ErrorHistoryStress() {}

    /** Elements that fit are present when their writers are done, in the order of their numbers. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "both")
    public static class KeepsBoth {
        private final ErrorHistory<Integer> history = new ErrorHistory<>(2);

        /** Writes. */
        @Actor
        public void one() {
            history.add(1);
        }

        /** Writes. */
        @Actor
        public void other() {
            history.add(2);
        }

        /** Reads the result. */
        @Arbiter
        public void look(II_Result result) {
            List<Integer> newest = history.newest(2);
            result.r1 = newest.isEmpty() ? -1 : newest.get(0);
            result.r2 = newest.size() < 2 ? -1 : newest.get(1);
        }
    }

    /** A ring of one keeps the later number, in either order of the writers. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1", "2"},
            expect = Expect.ACCEPTABLE,
            desc = "the later one")
    public static class KeepsTheLater {
        private final ErrorHistory<Integer> history = new ErrorHistory<>(1);

        /** Writes. */
        @Actor
        public void one() {
            history.add(1);
        }

        /** Writes. */
        @Actor
        public void other() {
            history.add(2);
        }

        /** Reads the result: a slot of an earlier number would be missing. */
        @Arbiter
        public void look(I_Result result) {
            List<Integer> newest = history.newest(1);
            result.r1 = newest.isEmpty() ? -1 : newest.getFirst();
        }
    }

    /** A reader sees an element completely or not at all. */
    @JCStressTest
    @State
    @Outcome(
            id = {"-1", "42"},
            expect = Expect.ACCEPTABLE,
            desc = "nothing or all of it")
    public static class SeenWhole {
        private final ErrorHistory<int[]> history = new ErrorHistory<>(1);

        /** Writes. */
        @Actor
        public void writer() {
            int[] element = new int[1];
            element[0] = 42;
            history.add(element);
        }

        /** Reads. */
        @Actor
        public void reader(I_Result result) {
            List<int[]> newest = history.newest(1);
            result.r1 = newest.isEmpty() ? -1 : newest.getFirst()[0];
        }
    }
}
