package io.lynx.testkit;

import io.lynx.health.Health;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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
     * What happens before or in place of a call.
     *
     * @param failure what the call throws; null if it hangs or is delayed
     * @param delay how long the call is delayed; null if it throws or hangs
     * @param isStubborn whether a call that hangs ignores an interrupt
     * @param end completes when the fault is over
     */
    private record Fault(
            @Nullable Throwable failure, @Nullable Duration delay, boolean isStubborn, CompletableFuture<Void> end) {}

    private final String plugin;
    private final TestTime time;
    private final Map<Point, Fault> faults = new ConcurrentHashMap<>();
    private volatile @Nullable Health health;

    FaultPlan(String plugin, TestTime time) {
        this.plugin = plugin;
        this.time = time;
    }

    void fail(Point point, Throwable failure) {
        set(point, new Fault(failure, null, false, new CompletableFuture<>()));
    }

    /**
     * Makes calls hang.
     *
     * @param isStubborn whether they ignore an interrupt
     */
    void hang(Point point, boolean isStubborn) {
        set(point, new Fault(null, null, isStubborn, new CompletableFuture<>()));
    }

    /** Makes calls slow: each waits for this long and then goes on. */
    void delay(Point point, Duration delay) {
        set(point, new Fault(null, delay, false, new CompletableFuture<>()));
    }

    private void set(Point point, Fault fault) {
        Fault before = faults.put(point, fault);
        if (before != null) {
            before.end().complete(null);
        }
    }

    void health(@Nullable Health instead) {
        health = instead;
    }

    @Nullable
    Health health() {
        return health;
    }

    /** Ends all faults; calls that hang or are delayed go on. */
    void clear() {
        health = null;
        for (Point point : Point.values()) {
            Fault fault = faults.remove(point);
            if (fault != null) {
                fault.end().complete(null);
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
            case null -> await(fault);
            case Exception failure -> throw failure;
            case Error failure -> throw failure;
            case Throwable other -> throw new IllegalStateException("plugin '" + plugin + "': " + other, other);
        }
    }

    private void await(Fault fault) throws InterruptedException {
        if (fault.delay() == null) {
            hang(fault);
        } else {
            time.pause(fault.delay(), fault.end());
        }
    }

    private static void hang(Fault fault) throws InterruptedException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Void _ = fault.end().get();
                    return;
                } catch (InterruptedException again) {
                    if (!fault.isStubborn()) {
                        throw again;
                    }
                    interrupted = true;
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
