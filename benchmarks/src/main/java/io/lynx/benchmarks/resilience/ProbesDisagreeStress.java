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
import org.openjdk.jcstress.infra.results.III_Result;

/** One probe of a round succeeds while the other fails: half-open → open, in either order. */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "open")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class ProbesDisagreeStress {
    private final CircuitBreaker breaker = new StressClock().due(2);
    private final Permit first = breaker.acquire();
    private final Permit second = breaker.acquire();

    @Actor
    public void success() {
        first.success();
    }

    @Actor
    public void failure() {
        StressClock.fail(second);
    }

    @Arbiter
    public void look(III_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.transitions(CircuitBreakerState.HALF_OPEN, CircuitBreakerState.OPEN);
        result.r3 = (int) breaker.transitions(CircuitBreakerState.HALF_OPEN, CircuitBreakerState.CLOSED);
    }
}
