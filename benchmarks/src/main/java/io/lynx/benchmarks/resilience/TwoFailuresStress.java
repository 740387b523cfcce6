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

/** Two failures that reach the threshold together: closed → open, once. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "opened by one of them")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class TwoFailuresStress {
    private final CircuitBreaker breaker = new StressClock().closed();
    private final Permit first = breaker.acquire();
    private final Permit second = breaker.acquire();

    @Actor
    public void one() {
        StressClock.fail(first);
    }

    @Actor
    public void other() {
        StressClock.fail(second);
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.transitions(CircuitBreakerState.CLOSED, CircuitBreakerState.OPEN);
    }
}
