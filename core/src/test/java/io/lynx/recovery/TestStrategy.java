package io.lynx.recovery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A strategy whose actions a test chooses, and which counts its runs. */
final class TestStrategy implements RecoveryStrategy {
    final AtomicInteger runs = new AtomicInteger();
    final Semaphore started = new Semaphore(0);
    private final String name;
    private final Body body;
    private Supplier<Duration> timeout = () -> Duration.ofSeconds(10);
    private boolean restarts;

    /** What a strategy does. */
    @FunctionalInterface
    interface Body {
        RecoveryOutcome recover(RecoveryContext context) throws Exception;
    }

    TestStrategy(String name, Body body) {
        this.name = name;
        this.body = body;
    }

    static TestStrategy recovering(String name) {
        return new TestStrategy(name, _ -> RecoveryOutcome.recovered());
    }

    static TestStrategy failing(String name) {
        return new TestStrategy(name, _ -> RecoveryOutcome.failed(new IllegalStateException("still broken")));
    }

    /** Waits until the gate opens or it is interrupted. */
    static TestStrategy gated(String name, Semaphore gate) {
        return new TestStrategy(name, _ -> {
            gate.acquire();
            return RecoveryOutcome.recovered();
        });
    }

    /** Waits until the gate opens, and ignores interrupts. */
    static TestStrategy deaf(String name, Semaphore gate) {
        return new TestStrategy(name, _ -> {
            gate.acquireUninterruptibly();
            return RecoveryOutcome.recovered();
        });
    }

    TestStrategy timeout(Duration longest) {
        return timeout(() -> longest);
    }

    TestStrategy timeout(Supplier<Duration> longest) {
        this.timeout = longest;
        return this;
    }

    TestStrategy restarting() {
        this.restarts = true;
        return this;
    }

    void awaitStart() {
        RecoveryFixture.eventually(started::tryAcquire);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean canRecover(String errorType, ErrorSeverity severity) {
        return true;
    }

    @Override
    public RecoveryOutcome recover(RecoveryContext context) throws Exception {
        runs.incrementAndGet();
        started.release();
        return body.recover(context);
    }

    @Override
    public Duration timeout() {
        return timeout.get();
    }

    @Override
    public boolean restarts() {
        return restarts;
    }
}
