package io.lynx.app;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A listener that lets a test's requests in. */
final class FakeListener implements TrafficListener {
    final List<String> journal = new CopyOnWriteArrayList<>();
    private final InFlight inFlight = new InFlight();
    private volatile boolean open;
    volatile boolean lostSocket;
    /** Holds whatever inspects it, through interrupts. */
    volatile @Nullable CountDownLatch hang;

    volatile @Nullable Thread requestThread = Thread.currentThread();

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void open() {
        open = true;
        journal.add("open");
    }

    @Override
    public List<String> urls() {
        return open ? List.of("fake://here") : List.of();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        return Stream.generate(() -> new RequestInFlight("GET /fake", Duration.ofSeconds(1), requestThread))
                .limit(Math.min(limit, inFlight.current()))
                .toList();
    }

    @Override
    public boolean isAccepting() {
        CountDownLatch held = hang;
        while (held != null && held.getCount() > 0) {
            try {
                held.await();
            } catch (InterruptedException ignored) {
                // It ignores interrupts.
            }
        }
        return open && !lostSocket;
    }

    @Override
    public void announceStop() {
        journal.add("announce");
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        journal.add("drain");
        journal.add(inFlight.awaitNone(deadline) ? "drained" : "not drained");
    }

    @Override
    public void close() {
        for (long left = inFlight.current(); left > 0; left--) {
            inFlight.recordFailure();
            inFlight.end();
        }
        open = false;
        journal.add("close");
    }
}
