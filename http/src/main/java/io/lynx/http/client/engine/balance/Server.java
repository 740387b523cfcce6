package io.lynx.http.client.engine.balance;

import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.engine.pool.AddressPool;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One address of a service, with what its calls say about it. A server whose calls fail is ejected: for a while no call is sent
 * to it if there are others. Thread-safe; the estimates lose updates that race.
 */
final class Server {
    /** Failures in a row that eject a server, if it can be connected to. */
    private static final int FAILURES = 5;

    private static final long EJECTION = Duration.ofSeconds(5).toNanos();
    private static final int MAX_DOUBLINGS = 6;

    /** A new server gets its full share of the calls only after this time. */
    private static final long SLOW_START = Duration.ofSeconds(20).toNanos();

    private static final double LEAST_WEIGHT = 0.1;

    /** A server with the weight 0 gets some calls beside others (RFC 2782). */
    private static final double LEAST_SHARE = 0.01;

    /** Estimates of latency lose half of their weight in these nanoseconds without a call. */
    private static final double HALF_LIFE = 5e9;

    private static final double SMOOTHING = 0.2;

    /** Differences of latency far below these nanoseconds do not matter. */
    private static final double NEGLIGIBLE = 1e5;

    private final AddressPool pool;
    private final Ticker ticker;
    private final long knownSince;
    private final boolean startsSlowly;
    private final AtomicInteger calls = new AtomicInteger();

    /** Calls that may last for long: they are load, but say nothing about the time that an answer takes. */
    private final AtomicInteger lasting = new AtomicInteger();

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger ejections = new AtomicInteger();
    private final AtomicLong ejectedUntil;
    private volatile ServiceAddress address;
    private volatile double share = 1;
    private volatile double latency;
    private volatile long measuredAt;

    /** When it has answered the last time, or a call to it has begun after a rest. */
    private volatile long progressAt;

    /**
     * A server that was found.
     *
     * @param startsSlowly whether it joins others that are in use
     */
    Server(AddressPool pool, ServiceAddress address, boolean startsSlowly, Ticker ticker) {
        this.pool = pool;
        this.address = address;
        this.ticker = ticker;
        this.startsSlowly = startsSlowly;
        this.knownSince = ticker.nanos();
        this.ejectedUntil = new AtomicLong(knownSince);
        this.measuredAt = knownSince;
    }

    AddressPool pool() {
        return pool;
    }

    /** Returns where discovery found it the last time. */
    ServiceAddress address() {
        return address;
    }

    /** Returns its part of the calls in relation to the others with its priority, which have 1 on average. */
    double share() {
        return share;
    }

    /** Discovery has found it again, and others with the same priority, whose weights are {@code meanWeight} on average. */
    void place(ServiceAddress found, double meanWeight) {
        address = found;
        share = meanWeight == 0 ? 1 : Math.max(LEAST_SHARE, found.weight() / meanWeight);
    }

    boolean isEjected(long now) {
        return ejectedUntil.get() - now > 0;
    }

    /** Returns whether calls should go to other servers: it is ejected, or a first call since then has not ended. */
    boolean isAvoided(long now) {
        return isEjected(now) || (ejections.get() != 0 && calls.get() != 0);
    }

    /** Returns what another call would cost: the one of two servers with the lower cost gets it. */
    double cost(long now) {
        double weight = startsSlowly ? Math.clamp((double) (now - knownSince) / SLOW_START, LEAST_WEIGHT, 1) : 1;
        double expected = latency * Math.pow(0.5, (now - measuredAt) / HALF_LIFE);
        int inFlight = calls.get();
        if (inFlight > 0) {
            // None of them has been answered for this time.
            expected = Math.max(expected, (double) (now - progressAt));
        }
        return ((inFlight + lasting.get()) / share + 1) * (expected + NEGLIGIBLE) / weight;
    }

    /** A call begins; returns a reading of the ticker. */
    long begin() {
        long now = ticker.nanos();
        if (calls.get() == 0) {
            progressAt = now;
        }
        int _ = calls.incrementAndGet();
        return now;
    }

    /** A call has ended that was sent at {@code begun}, a reading of the ticker. */
    void ended(long begun, ServerVerdict verdict) {
        int _ = calls.decrementAndGet();
        long now = ticker.nanos();
        double took = now - begun;
        switch (verdict) {
            case HEALTHY -> {
                measured(took, now);
                progressAt = now;
            }
            case FAILED, UNKNOWN -> atLeast(took, now);
            case UNREACHABLE -> {}
        }
        judged(verdict, now);
    }

    private void judged(ServerVerdict verdict, long now) {
        switch (verdict) {
            case HEALTHY -> {
                if (failures.get() != 0) {
                    failures.set(0);
                }
                if (ejections.get() != 0 && !isEjected(now)) {
                    ejections.set(0);
                }
            }
            case FAILED -> {
                if (failures.incrementAndGet() >= FAILURES) {
                    eject(now);
                }
            }
            case UNREACHABLE -> eject(now);
            case UNKNOWN -> {}
        }
    }

    /** A call that was begun may last for long. */
    void lasts() {
        int _ = calls.decrementAndGet();
        int _ = lasting.incrementAndGet();
    }

    /** A call that may have lasted for long has ended. */
    void endedLasting(ServerVerdict verdict) {
        int _ = lasting.decrementAndGet();
        judged(verdict, ticker.nanos());
    }

    private void measured(double took, long now) {
        double before = latency;
        latency = before == 0 ? took : before + SMOOTHING * (took - before);
        measuredAt = now;
    }

    /** An answer would have taken longer: a server that hangs is seen although its callers had no time left. */
    private void atLeast(double took, long now) {
        if (took > latency) {
            measured(took, now);
        }
    }

    private void eject(long now) {
        long until = ejectedUntil.get();
        if (until - now > 0) {
            return;
        }
        failures.set(0);
        int doublings = Math.min(ejections.get(), MAX_DOUBLINGS);
        if (ejectedUntil.compareAndSet(until, now + (EJECTION << doublings))) {
            int _ = ejections.incrementAndGet();
        }
    }

    int calls() {
        return calls.get();
    }
}
