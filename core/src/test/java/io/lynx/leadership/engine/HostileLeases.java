package io.lynx.leadership.engine;

import io.lynx.leadership.Lease;
import io.lynx.leadership.LeaseAnswer;
import io.lynx.leadership.LeaseBackend;
import java.time.Duration;

/** A backend that grants leases with an impossible token. Stateless. */
final class HostileLeases implements LeaseBackend {
    @Override
    public LeaseAnswer acquire(String leadership, String holder, Duration duration) {
        return new LeaseAnswer.Granted(new Lease(leadership, holder, -1));
    }

    @Override
    public boolean renew(Lease lease, Duration duration) {
        throw new StackOverflowError();
    }

    @Override
    public void release(Lease lease) {
        throw new UnsupportedOperationException();
    }
}
