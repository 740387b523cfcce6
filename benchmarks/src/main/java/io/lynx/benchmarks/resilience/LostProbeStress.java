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

/** The only probe succeeds at the moment at which it expires: half-open → closed, or → half-open again with a new probe. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it was in time; the caller came after")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "it was given up; the caller is a probe")
@Outcome(expect = FORBIDDEN, desc = "no order of the calls gives this")
@State
public class LostProbeStress {
    private final StressClock clock = new StressClock();
    private final CircuitBreaker breaker = clock.due(1);
    private final Permit probe = breaker.acquire();

    {
        clock.passTimeout();
    }

    @Actor
    public void success() {
        probe.success();
    }

    @Actor
    public void caller(II_Result result) {
        result.r1 = StressClock.admitted(breaker);
    }

    @Arbiter
    public void look(II_Result result) {
        result.r2 = StressClock.state(breaker);
    }
}
