package io.lynx.recovery;

import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A process whose only carrier of virtual threads computes without end. It prints how its recoveries end. */
final class BusyCarrier {
    private static volatile long sink;

    private BusyCarrier() {}

    public static void main(String[] args) throws Exception {
        Thread _ = Thread.startVirtualThread(BusyCarrier::compute);
        while (sink == 0) {
            Thread.onSpinWait();
        }
        BlockingQueue<RecoveryRecord> ended = new LinkedBlockingQueue<>();
        ErrorRecoveryManager manager = ErrorRecoveryManager.builder().build();
        var _ = manager.addListener("print", event -> {
            if (event instanceof RecoveryEvent.RecoveryFinished(RecoveryRecord recovery)) {
                ended.add(recovery);
            }
        });
        TestStrategy deaf = TestStrategy.deaf("deaf", new Semaphore(0)).timeout(Duration.ofMillis(100));
        var _ = manager.registerRecoveryStrategy("deaf", deaf);
        var _ = manager.registerRecoveryStrategy("working", TestStrategy.recovering("working"));
        manager.recordError("deaf", "provoked", "deaf", ErrorSeverity.HIGH, Map.of());
        print(ended);
        manager.recordError("working", "provoked", "working", ErrorSeverity.HIGH, Map.of());
        print(ended);
        RecoveryCloseReport closed = manager.close(Deadline.after(Duration.ofMillis(100), Ticker.system()));
        System.out.println("left "
                + closed.abandoned().stream()
                        .map(RecoveryCloseReport.UnfinishedRecovery::what)
                        .toList());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void print(BlockingQueue<RecoveryRecord> ended) throws InterruptedException {
        RecoveryRecord recovery = ended.poll(20, TimeUnit.SECONDS);
        System.out.println(recovery == null ? "nothing" : recovery.component() + " " + recovery.result());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Its value does not matter.
    private static void compute() {
        while (true) {
            sink++;
        }
    }
}
