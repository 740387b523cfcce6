package io.lynx.benchmarks.resilience;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Permit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The failure that reaches the threshold races with a success: closed → open, or the count starts again. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the failure came first")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the success came first")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class FailureAndSuccessStress {
    private final CircuitBreaker breaker = new StressClock().closed();
    private final Permit failing = breaker.acquire();
    private final Permit succeeding = breaker.acquire();

    {
        StressClock.fail(failing);
    }

    @Actor
    public void failure() {
        StressClock.fail(failing);
    }

    @Actor
    public void success() {
        succeeding.success();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.snapshot().failed();
    }
}
