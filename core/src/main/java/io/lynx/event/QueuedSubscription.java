package io.lynx.event;

import io.lynx.time.Deadline;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with a bounded queue and {@code concurrency} workers. Thread-safe.
 *
 * <h2>Design</h2>
 *
 * <b>The account.</b> The queue's own counters are the account: what it let in, what was taken out. Beside them are
 * counted the drops at the door, which never were in the queue, and what became of the events that were taken out.
 * Queued and in hand are differences, so no event is counted twice or not at all, and counting costs nothing at the
 * door. A snapshot reads the ends of an event's way before their beginnings, so no difference is negative.
 *
 * <p><b>Modes.</b> {@code RUNNING} and {@code PAUSED} alternate; either ends in {@code CLOSED}, the former by way of
 * {@code DRAINING} if it is closed in order. The queue is closed before the mode says so, so what is in it when the
 * workers have gone, or the deadline has passed, is all there is.
 *
 * <p><b>Sleep.</b> See {@link EventRing} for why an event is never left lying beside a sleeping worker.
 */
final class QueuedSubscription implements Subscription {
    private static final VarHandle MODE = handle();
    private static final int SPINS = 200;
    private static final int MOST_LOOKS = 1000;

    /** Where it is in its life. */
    enum Mode {
        RUNNING,
        PAUSED,
        DRAINING,
        CLOSED
    }

    final EventRing<Event<?>> ring;
    final WaitingPublishers room = new WaitingPublishers();
    final PaddedLong sleepers = new PaddedLong();
    final LongAdder retried = new LongAdder();
    final SubscriptionOptions options;
    final Bus bus;

    private final TopicFilter<?> filter;
    private final boolean filtered;
    private final EventDropCounts drops = new EventDropCounts();
    private final List<Worker> workers = new ArrayList<>();
    private final CountDownLatch running;
    // Changes by CAS, but for the last time.
    private volatile Mode mode;

    QueuedSubscription(
            Bus bus,
            TopicFilter<?> filter,
            EventHandler<Event<?>> handler,
            SubscriptionOptions options,
            boolean paused) {
        this.bus = bus;
        this.filter = filter;
        this.options = options;
        this.filtered = !options.isUnfiltered();
        this.ring = new EventRing<>(options.queue(), options.reserve());
        this.running = new CountDownLatch(options.concurrency());
        this.mode = paused ? Mode.PAUSED : Mode.RUNNING;
        for (int i = 0; i < options.concurrency(); i++) {
            workers.add(new Worker(this, handler, running));
        }
    }

    private static VarHandle handle() {
        try {
            return MethodHandles.lookup().findVarHandle(QueuedSubscription.class, "mode", Mode.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    void start() {
        workers.forEach(Worker::start);
    }

    Mode mode() {
        return mode;
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public TopicFilter<?> filter() {
        return filter;
    }

    /** Queues an event. Null if it is queued, or not wanted. */
    @Nullable
    DropReason offer(Event<?> event, boolean mayWait) {
        if (filtered) {
            try {
                if (!options.wants(event)) {
                    return null;
                }
            } catch (RuntimeException | LinkageError | AssertionError failure) {
                return drop(event, DropReason.FILTER_FAILED);
            }
        }
        return enqueue(event, mayWait);
    }

    @Nullable
    DropReason enqueue(Event<?> event, boolean mayWait) {
        int outcome = ring.offer(event, event.isCritical());
        DropReason reason =
                switch (outcome) {
                    case EventRing.TAKEN -> null;
                    case EventRing.CLOSED -> DropReason.CLOSED;
                    default -> overflow(event, mayWait);
                };
        if (reason != null) {
            return drop(event, reason);
        }
        if (sleepers.get() != 0) {
            wakeOne();
        }
        return null;
    }

    private @Nullable DropReason overflow(Event<?> event, boolean mayWait) {
        return switch (options.overflow()) {
            case Overflow.Block block -> mayWait && !isOwnThread() ? await(event, block) : DropReason.NO_ROOM;
            case Overflow.DropNewest _ -> DropReason.NO_ROOM;
            case Overflow.DropOldest _ -> displace(event);
        };
    }

    private @Nullable DropReason await(Event<?> event, Overflow.Block block) {
        boolean critical = event.isCritical();
        for (int i = 0; i < SPINS; i++) {
            Thread.onSpinWait();
            int outcome = ring.offer(event, critical);
            if (outcome != EventRing.FULL) {
                return outcome == EventRing.TAKEN ? null : DropReason.CLOSED;
            }
        }
        Deadline deadline = Deadline.after(block.timeout(), bus.clock().ticker);
        while (true) {
            WaitingPublishers.Waiter waiter = room.enter(critical);
            int outcome = ring.offer(event, critical);
            if (outcome != EventRing.FULL) {
                waiter.leave(outcome == EventRing.TAKEN);
                return outcome == EventRing.TAKEN ? null : DropReason.CLOSED;
            }
            if (deadline.isExpired()) {
                waiter.leave(false);
                return DropReason.TIMED_OUT;
            }
            LockSupport.parkNanos(this, deadline.remainingNanos());
            waiter.leave(true);
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                room.signal();
                return DropReason.INTERRUPTED;
            }
        }
    }

    /** WaitingPublishers is made by the oldest event until there is some; each turn somebody, perhaps another, gets on. */
    private @Nullable DropReason displace(Event<?> event) {
        boolean critical = event.isCritical();
        for (int spins = 0; ; spins++) {
            Event<?> oldest = ring.poll(critical ? null : QueuedSubscription::yields);
            if (oldest != null) {
                drop(oldest, DropReason.DISPLACED);
            }
            // Asked before the offer, so that a critical event that has gone meanwhile does not keep this one out.
            boolean blocked = oldest == null && isCritical(ring.peek());
            int outcome = ring.offer(event, critical);
            if (outcome != EventRing.FULL) {
                return outcome == EventRing.TAKEN ? null : DropReason.CLOSED;
            }
            if (blocked) {
                return DropReason.NO_ROOM;
            }
            EventRing.pause(spins);
        }
    }

    private static boolean yields(Event<?> event) {
        return !event.isCritical();
    }

    private static boolean isCritical(@Nullable Event<?> event) {
        return event != null && event.isCritical();
    }

    DropReason drop(Event<?> event, DropReason reason) {
        drops.add(reason);
        event.channel.drops.add(reason);
        bus.observing(observer -> observer.dropped(event, name(), reason));
        return reason;
    }

    private void wakeOne() {
        for (Worker worker : workers) {
            if (worker.wake()) {
                return;
            }
        }
    }

    boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return workers.stream().anyMatch(worker -> worker.runsOn(current));
    }

    void pause() {
        MODE.compareAndSet(this, Mode.RUNNING, Mode.PAUSED);
    }

    void resume() {
        if (MODE.compareAndSet(this, Mode.PAUSED, Mode.RUNNING)) {
            workers.forEach(Worker::unpark);
        }
    }

    @Override
    public void close() {
        bus.remove(this);
        beginClose();
        finishClose(false);
    }

    @Override
    public Undelivered close(Deadline deadline) {
        bus.remove(this);
        beginClose();
        await(deadline);
        return finishClose(true);
    }

    /** Lets nothing more in, and sends the workers home once the queue is empty. */
    void beginClose() {
        ring.close();
        room.signalAll();
        MODE.compareAndSet(this, Mode.RUNNING, Mode.DRAINING);
        MODE.compareAndSet(this, Mode.PAUSED, Mode.CLOSED);
        workers.forEach(Worker::unpark);
    }

    /** Waits until the workers have gone or the deadline has passed. */
    void await(Deadline deadline) {
        if (isOwnThread()) {
            return;
        }
        try {
            while (!running.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS) && !deadline.isExpired()) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes out what the workers left; the caller gets each event once, however many call. */
    Undelivered finishClose(boolean interrupt) {
        mode = Mode.CLOSED;
        List<Event<?>> queued = new ArrayList<>();
        for (int spins = 0; !ring.isEmpty(); spins++) {
            Event<?> event = ring.poll();
            if (event == null) {
                EventRing.pause(spins);
            } else {
                drop(event, DropReason.UNDELIVERED);
                queued.add(event);
            }
        }
        List<Event<?>> inHand = inHand();
        for (Worker worker : workers) {
            if (interrupt && !worker.runsOn(Thread.currentThread())) {
                worker.interrupt();
            } else {
                worker.unpark();
            }
        }
        return new Undelivered(name(), queued, inHand);
    }

    /** What the workers have in hand; looks again while one of them is between the queue and its handler. */
    private List<Event<?>> inHand() {
        List<Event<?>> found = new ArrayList<>();
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            found.clear();
            workers.forEach(worker -> worker.collect(found));
            if (found.size() == snapshot().inHand()) {
                break;
            }
            EventRing.pause(looks);
        }
        return found;
    }

    @Override
    public SubscriptionSnapshot snapshot() {
        long processed = workers.stream().mapToLong(Worker::processed).sum();
        long deadLettered = workers.stream().mapToLong(Worker::deadLettered).sum();
        Map<DropReason, Long> dropped = drops.snapshot();
        long ended = processed + deadLettered + sum(dropped, false);
        long taken = ring.taken();
        long claimed = ring.claimed();
        return new SubscriptionSnapshot(
                name(),
                bus.name(),
                filter.types(),
                ring.capacity(),
                claimed - taken,
                taken - ended,
                claimed + sum(dropped, true),
                processed,
                deadLettered,
                retried.sum(),
                dropped);
    }

    private static long sum(Map<DropReason, Long> dropped, boolean atTheDoor) {
        return dropped.entrySet().stream()
                .filter(entry -> entry.getKey().atTheDoor() == atTheDoor)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
