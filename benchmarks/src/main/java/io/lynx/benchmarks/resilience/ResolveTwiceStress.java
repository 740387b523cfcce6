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

/** Two threads resolve a probe: the first counts, and at most one probe is returned. */
@JCStressTest
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the success was first and closed it")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "it was ignored first")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class ResolveTwiceStress {
    private final CircuitBreaker breaker = new StressClock().due(1);
    private final Permit probe = breaker.acquire();

    @Actor
    public void success() {
        probe.success();
    }

    @Actor
    public void ignore() {
        probe.ignore();
    }

    @Arbiter
    public void look(II_Result result) {
        result.r1 = StressClock.state(breaker);
        result.r2 = (int) breaker.successes();
    }
}
