package io.lynx.benchmarks.resilience;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerSnapshot;
import io.lynx.resilience.Permit;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two results reach an expired slice of a time window: both replace it, and neither is lost. */
@JCStressTest
@Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "all are counted")
@Outcome(expect = FORBIDDEN, desc = "a result was lost or counted twice")
@State
public class SliceStress {
    private final StressClock clock = new StressClock();
    private final CircuitBreaker breaker = clock.timeWindow();
    private final Permit permit = breaker.acquire();

    {
        permit.success();
        clock.pass(Duration.ofMillis(15));
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
        CircuitBreakerSnapshot snapshot = breaker.snapshot();
        result.r1 = (int) snapshot.calls();
        result.r2 = (int) snapshot.failed();
    }
}
