package io.lynx.systemtest.load;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests at a fixed rate whatever becomes of them, as independent users do: a server that stalls is not given a
 * rest, and a request that comes late is late from the moment it was due. Each has a virtual thread. Thread-safe.
 */
public final class OpenLoop implements AutoCloseable {
    private final Exchange exchange;
    private final Ledger ledger = new Ledger();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final Pacer pacer;

    private OpenLoop(Exchange exchange, int perSecond) {
        this.exchange = exchange;
        this.pacer = Pacer.of(perSecond, this::send);
    }

    /** Starts to send; closing the load closes the exchange. */
    public static OpenLoop start(Exchange exchange, int perSecond) {
        var load = new OpenLoop(exchange, perSecond);
        load.pacer.start();
        return load;
    }

    /** The account so far; requests under way are not in it yet. */
    public LoadReport report() {
        return ledger.report(exchange.safeRetries());
    }

    /** Waits until so many more requests have been answered, refused or lost. */
    public void awaitMore(int requestCount, Duration atMost) throws InterruptedException {
        long goal = ledger.accounted() + requestCount;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (ledger.accounted() < goal) {
            if (deadline - System.nanoTime() <= 0) {
                throw new AssertionError("load: stalled; " + report());
            }
            Thread.sleep(1);
        }
    }

    /** Sends no more, waits for what is under way, and gives the full account. */
    public LoadReport stop() throws InterruptedException {
        pacer.stop();
        requests.shutdown();
        if (!requests.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new AssertionError("load: a request is without end; " + report());
        }
        LoadReport report = report();
        if (report.scheduled() != ledger.accounted()) {
            throw new AssertionError("load: the account does not add up; " + report);
        }
        return report;
    }

    @Override
    public void close() {
        pacer.cancel();
        requests.shutdownNow();
        exchange.close();
    }

    private void send(long dueNanos) {
        ledger.schedule();
        requests.execute(() -> request(dueNanos));
    }

    private void request(long dueNanos) {
        try {
            ledger.add(exchange.send(), dueNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
