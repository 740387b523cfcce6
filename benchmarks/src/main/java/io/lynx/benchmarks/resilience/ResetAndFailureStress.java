package io.lynx.benchmarks.resilience;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerState;
import io.lynx.resilience.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** An operator resets the breaker while the last failure arrives: closed → open, or the failure counts for the earlier state. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it opened and was reset")
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "it was reset, the failure was stale")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class ResetAndFailureStress {
    private final CircuitBreaker breaker = new StressClock().closed();
    private final Permit permit = breaker.acquire();

    {
        StressClock.fail(permit);
    }

    @Actor
    public void failure() {
        StressClock.fail(permit);
    }

    @Actor
    public void operator() {
        breaker.reset();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.transitions(CircuitBreakerState.CLOSED, CircuitBreakerState.OPEN);
    }
}
