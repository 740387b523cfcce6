package io.lynx.grpc.client.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Permit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an attempt holds of the policies while it lasts: a permit of the circuit breaker, a slot of the bulkhead. Thread-safe. */
final class AttemptPolicies {
    private final RpcClient client;

    @GuardedBy("this")
    private @Nullable Permit permit;

    @GuardedBy("this")
    private Bulkhead.@Nullable Slot slot;

    @GuardedBy("this")
    private boolean isReleased;

    AttemptPolicies(RpcClient client) {
        this.client = client;
    }

    /** Passes the circuit breaker; never blocks. */
    void passBreaker() {
        Supplier<CircuitBreaker> breaker = client.breaker();
        if (breaker != null) {
            Permit acquired = breaker.get().acquire();
            synchronized (this) {
                permit = acquired;
            }
        }
    }

    /** Passes the rate limit and the bulkhead, waiting for them. */
    void passLimits() throws InterruptedException {
        Bulkhead.Slot acquired = client.admit();
        boolean isLate;
        synchronized (this) {
            isLate = isReleased;
            slot = acquired;
        }
        if (isLate) {
            release();
        }
    }

    /** An answer has begun that may last for long: a probe of the circuit breaker must not last as long. */
    void answered() {
        Permit held = takePermit();
        if (held != null) {
            held.success();
        }
    }

    /** The attempt has ended. */
    void ended(RpcFailure end) {
        Permit held = takePermit();
        if (held != null) {
            if (!AnswerStatus.isFault(end.status())) {
                held.success();
            } else if (end.status().getCode() == Status.Code.UNAVAILABLE
                    && client.service().hasOthers()) {
                // That one is left, and not the service.
                held.ignore();
            } else {
                held.failure(end);
            }
        }
        release();
    }

    /** The caller has ended the attempt, since the server was too slow. */
    void tooSlow(Status status) {
        Permit held = takePermit();
        if (held != null) {
            held.failure(new RpcFailure(status, new Metadata(), null));
        }
        release();
    }

    /** The attempt says nothing about the server. */
    void release() {
        Permit held = takePermit();
        if (held != null) {
            held.ignore();
        }
        Bulkhead.Slot taken;
        synchronized (this) {
            isReleased = true;
            taken = slot;
        }
        if (taken != null) {
            taken.close();
        }
    }

    private synchronized @Nullable Permit takePermit() {
        Permit held = permit;
        permit = null;
        return held;
    }
}
