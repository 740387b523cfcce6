package io.lynx.benchmarks.resilience;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lynx.resilience.CircuitBreaker;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An operator forces the breaker open when the timeout ends: the order decides about the call, never about the final state. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the caller was a probe before")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the caller came after")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class ForceOpenAndExpiryStress {
    private final CircuitBreaker breaker = new StressClock().due(1);

    @Actor
    public void caller(II_Result result) {
        result.r1 = StressClock.admitted(breaker);
    }

    @Actor
    public void operator() {
        breaker.forceOpen();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r2 = StressClock.state(breaker);
    }
}
