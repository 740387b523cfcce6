package io.lynx.testkit;

import io.lynx.health.Health;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The faults that are injected into one plugin. Thread-safe. */
final class FaultPlan {
    /** A method of a plugin. */
    enum Point {
        START,
        STOP,
        HEALTH
    }

    /**
     * What happens in place of a call.
     *
     * @param failure what the call throws; null if it hangs
     * @param end opens when the fault is over
     */
    private record Fault(@Nullable Throwable failure, boolean isStubborn, CountDownLatch end) {}

    private final String plugin;
    private final Map<Point, Fault> faults = new ConcurrentHashMap<>();
    private volatile @Nullable Health health;

    FaultPlan(String plugin) {
        this.plugin = plugin;
    }

    void fail(Point point, Throwable failure) {
        set(point, new Fault(failure, false, new CountDownLatch(1)));
    }

    /**
     * Makes calls hang.
     *
     * @param isStubborn whether they ignore an interrupt
     */
    void hang(Point point, boolean isStubborn) {
        set(point, new Fault(null, isStubborn, new CountDownLatch(1)));
    }

    private void set(Point point, Fault fault) {
        Fault before = faults.put(point, fault);
        if (before != null) {
            before.end().countDown();
        }
    }

    void health(@Nullable Health instead) {
        health = instead;
    }

    @Nullable
    Health health() {
        return health;
    }

    /** Ends all faults; calls that hang go on. */
    void clear() {
        health = null;
        for (Point point : Point.values()) {
            Fault fault = faults.remove(point);
            if (fault != null) {
                fault.end().countDown();
            }
        }
    }

    /** Injects the fault of a call, if there is one. */
    void on(Point point) throws Exception {
        Fault fault = faults.get(point);
        if (fault == null) {
            return;
        }
        switch (fault.failure()) {
            case null -> hang(fault);
            case Exception failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable other -> throw new IllegalStateException("plugin '" + plugin + "': " + other, other);
        }
    }

    private static void hang(Fault fault) throws InterruptedException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    fault.end().await();
                    return;
                } catch (InterruptedException again) {
                    if (!fault.isStubborn()) {
                        throw again;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
