package io.lynx.event;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** {@link OwnedCount} counts every increment, whichever thread owns it. */
@JCStressTest
@State
@Outcome(id = "6", expect = Expect.ACCEPTABLE, desc = "every increment")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class OwnedCountStress {
    private final OwnedCount count = new OwnedCount();

    private void increment() {
        count.increment();
        count.increment();
    }

    /** Counts. */
    @Actor
    public void one() {
        increment();
    }

    /** Counts. */
    @Actor
    public void two() {
        increment();
    }

    /** Counts. */
    @Actor
    public void three() {
        increment();
    }

    /** Sums. */
    @Arbiter
    public void after(J_Result result) {
        result.r1 = count.sum();
    }
}
