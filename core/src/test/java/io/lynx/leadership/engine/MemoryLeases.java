package io.lynx.leadership.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A backend in memory whose clock can jump, and whose calls can fail or hang. Thread-safe. */
final class MemoryLeases implements LeaseBackend {
    private final Ticker ticker;
    private final AtomicInteger hanging = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Exception failure;
    private volatile @Nullable CountDownLatch gate;
    private volatile boolean isHungAfterTheWork;
    private volatile Duration jump = Duration.ZERO;

    @GuardedBy("this")
    private @Nullable Lease current;

    @GuardedBy("this")
    private long endsAt;

    @GuardedBy("this")
    private long tokens;

    MemoryLeases(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Lets calls throw; null lets them work again. */
    void failWith(@Nullable Exception thrown) {
        failure = thrown;
    }

    /** Lets calls hang until the latch is counted down; they do their work before or after that. */
    void hang(CountDownLatch until, boolean afterTheWork) {
        isHungAfterTheWork = afterTheWork;
        gate = until;
    }

    /** Lets later calls return. */
    void hangNoMore() {
        gate = null;
    }

    /** Sets the clock of the backend forward. */
    void jump(Duration by) {
        jump = jump.plus(by);
    }

    /** Returns how many calls hang. */
    int hanging() {
        return hanging.get();
    }

    int calls() {
        return calls.get();
    }

    synchronized @Nullable Lease current() {
        return current != null && endsAt - now() > 0 ? current : null;
    }

    private long now() {
        return ticker.nanos() + jump.toNanos();
    }

    private void fault(boolean isAfterTheWork) throws Exception {
        CountDownLatch latch = gate;
        if (latch != null && isHungAfterTheWork == isAfterTheWork) {
            hanging.incrementAndGet();
            try {
                awaitThroughInterrupts(latch);
            } finally {
                hanging.decrementAndGet();
            }
        }
        Exception thrown = failure;
        if (!isAfterTheWork) {
            calls.incrementAndGet();
            if (thrown != null) {
                throw thrown;
            }
        }
    }

    private static void awaitThroughInterrupts(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException stubborn) {
                // It hangs as a driver does that cannot be interrupted.
            }
        }
    }

    @Override
    public LeaseAnswer acquire(String leadership, String holder, Duration duration) throws Exception {
        fault(false);
        LeaseAnswer answer = grant(leadership, holder, duration);
        fault(true);
        return answer;
    }

    private synchronized LeaseAnswer grant(String leadership, String holder, Duration duration) {
        Lease other = current();
        if (other != null) {
            return new LeaseAnswer.Occupied(other.holder(), Duration.ofNanos(endsAt - now()));
        }
        tokens++;
        Lease granted = new Lease(leadership, holder, tokens);
        current = granted;
        endsAt = now() + duration.toNanos();
        return new LeaseAnswer.Granted(granted);
    }

    @Override
    public boolean renew(Lease lease, Duration duration) throws Exception {
        fault(false);
        boolean isHeld = extend(lease, duration);
        fault(true);
        return isHeld;
    }

    private synchronized boolean extend(Lease lease, Duration duration) {
        if (!lease.equals(current())) {
            return false;
        }
        endsAt = now() + duration.toNanos();
        return true;
    }

    @Override
    public void release(Lease lease) throws Exception {
        fault(false);
        synchronized (this) {
            if (lease.equals(current)) {
                current = null;
            }
        }
    }
}
