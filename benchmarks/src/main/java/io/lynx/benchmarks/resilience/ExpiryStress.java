package io.lynx.benchmarks.resilience;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two callers arrive when the timeout is over: open → half-open, once, with one probe for both. */
@JCStressTest
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first got the probe")
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "the second got the probe")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class ExpiryStress {
    private final CircuitBreaker breaker = new StressClock().due(1);

    @Actor
    public void one(III_Result result) {
        result.r1 = StressClock.admitted(breaker);
    }

    @Actor
    public void other(III_Result result) {
        result.r2 = StressClock.admitted(breaker);
    }

    @Arbiter
    public void look(III_Result result) {
        result.r3 = (int) breaker.transitions(CircuitBreakerState.OPEN, CircuitBreakerState.HALF_OPEN);
    }
}
