package io.lynx.os;

import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says what became of each signal, then what it hears; TERM ends it with the signal's exit code. */
final class SignalsMain {
    private SignalsMain() {}

    public static void main(String[] args) throws InterruptedException {
        long before = System.nanoTime();
        CountDownLatch end = new CountDownLatch(1);
        Signals signals = Signals.install(EnumSet.allOf(ProcessSignal.class), signal -> {
            System.out.println("heard " + signal);
            if (signal == ProcessSignal.TERM) {
                end.countDown();
            }
        });
        long nanos = System.nanoTime() - before;
        System.out.println("pid " + ProcessHandle.current().pid());
        System.out.println("micros " + nanos / 1000);
        for (SignalOutcome outcome : signals.outcomes()) {
            System.out.println(outcome.disposition() + " " + outcome.describe());
        }
        if (Boolean.getBoolean("close")) {
            signals.close();
        }
        System.out.println("ready");
        boolean ended = end.await(50, TimeUnit.SECONDS);
        System.exit(ended ? ProcessSignal.TERM.exitCode() : 1);
    }
}
