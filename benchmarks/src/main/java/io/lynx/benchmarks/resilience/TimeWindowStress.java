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

/** The last two results of a time window arrive at the same time: the breaker opens on the later one. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "opened")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class TimeWindowStress {
    private final CircuitBreaker breaker = new StressClock().timeWindow();
    private final Permit permit = breaker.acquire();

    {
        StressClock.fail(permit);
        permit.success();
    }

    @Actor
    public void failure() {
        StressClock.fail(permit);
    }

    @Actor
    public void success() {
        permit.success();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.transitions(CircuitBreakerState.CLOSED, CircuitBreakerState.OPEN);
    }
}
