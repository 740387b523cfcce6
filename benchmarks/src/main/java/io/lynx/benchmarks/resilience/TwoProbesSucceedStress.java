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

/** The two probes of a round succeed together: half-open → closed, once. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "closed by the later one")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class TwoProbesSucceedStress {
    private final CircuitBreaker breaker = new StressClock().due(2);
    private final Permit first = breaker.acquire();
    private final Permit second = breaker.acquire();

    @Actor
    public void one() {
        first.success();
    }

    @Actor
    public void other() {
        second.success();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.transitions(CircuitBreakerState.HALF_OPEN, CircuitBreakerState.CLOSED);
    }
}
