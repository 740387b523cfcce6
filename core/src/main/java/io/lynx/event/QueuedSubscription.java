package io.lynx.event;

import io.lynx.context.RequestContext;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.os.ExitCall;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription with a queue and one worker for each event that it handles at a time. Thread-safe.
 *
 * <p>The account: the queue counts what it accepts and what it holds; counted beside it are the drops before the queue, and what
 * became of the events that were taken out. The events in progress are the difference, so each event is counted once. A snapshot
 * reads the outcomes before the queue, so the difference is never negative.
 */
final class QueuedSubscription implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(QueuedSubscription.class);
    private static final long LOG_INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX_LOOKS = 1000;

    final Bus bus;
    final SubscriptionOptions options;
    final SubscriberQueue queue;
    /** Whether the handler receives events, with their times, instead of payloads. */
    final boolean receivesEvents;

    /** Whether it is to receive no further topics. Guarded by the lock of its bus. */
    boolean isDetached;

    final LongAdder deadLettered = new LongAdder();
    final LongAdder retried = new LongAdder();

    private final String name;
    private final TopicFilter<?> filter;
    private final @Nullable Consumer<Event<?>> displaced;
    private final EventDropCounts drops = new EventDropCounts();
    private final List<DeliveryWorker> workers;
    private final CountDownLatch running;
    private final AtomicLong loggedAt;

    QueuedSubscription(
            Bus bus,
            String name,
            TopicFilter<?> filter,
            EventHandler<Event<?>> handler,
            boolean receivesEvents,
            SubscriptionOptions options,
            boolean paused) {
        this.bus = bus;
        this.name = name;
        this.filter = filter;
        this.options = options;
        this.receivesEvents = receivesEvents;
        this.displaced = options.overflow.policy() == Overflow.Policy.DROP_OLDEST
                ? event -> drop(event, DropReason.DISPLACED)
                : null;
        this.queue = new SubscriberQueue(options.queue, options.reserve, paused);
        this.running = new CountDownLatch(options.concurrency);
        this.loggedAt = new AtomicLong(bus.events.ticker.nanos() - LOG_INTERVAL_NANOS);
        this.workers = IntStream.range(0, options.concurrency)
                .mapToObj(_ -> new DeliveryWorker(this, handler))
                .toList();
    }

    void start() {
        workers.forEach(DeliveryWorker::start);
    }

    List<DeliveryWorker> workers() {
        return workers;
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns which topics it receives. */
    TopicFilter<?> filter() {
        return filter;
    }

    /** Queues an event if it is wanted; returns why it was dropped, or null. */
    @Nullable
    DropReason offer(Event<?> event, boolean mayWait) {
        EventFilter wanted = options.filter;
        if (wanted != null) {
            Boolean accepted = UserCode.<@Nullable Boolean>call(() -> wanted.accepts(event), null, _ -> {});
            if (accepted == null) {
                return reported(drop(event, DropReason.FILTER_FAILED));
            }
            if (!accepted) {
                EventReceipt.processed(event, name);
                return null;
            }
        }
        return enqueue(event, mayWait);
    }

    /** Queues an event whatever the filters say; returns why it was dropped, or null. */
    @Nullable
    DropReason enqueue(Event<?> event, boolean mayWait) {
        DropReason refused = queue.offer(event, null, displaced);
        if (refused == DropReason.NO_ROOM
                && mayWait
                && options.overflow.policy() == Overflow.Policy.BLOCK
                && !isOwnThread()) {
            refused = awaitRoom(event);
        }
        return refused == null ? null : reported(drop(event, refused));
    }

    /** Queues an event when there is room; the publisher waits no longer than the request that it works for. */
    private @Nullable DropReason awaitRoom(Event<?> event) {
        RequestContext request = RequestContext.current();
        Deadline own =
                Deadline.after(options.overflow.timeout(), bus.events.ticker).orWhen(request::isCancelled);
        Thread publisher = Thread.currentThread();
        try (Registration _ = request.onCancel(() -> LockSupport.unpark(publisher))) {
            return queue.offer(event, request.deadline().map(own::earliest).orElse(own), null);
        }
    }

    DropReason drop(Event<?> event, DropReason reason) {
        drops.add(reason);
        event.channel.drops.add(reason);
        EventReceipt.dropped(event, name, reason);
        return reason;
    }

    private DropReason reported(DropReason reason) {
        long now = bus.events.ticker.nanos();
        long last = loggedAt.get();
        if (reason != DropReason.CLOSED && now - last >= LOG_INTERVAL_NANOS && loggedAt.compareAndSet(last, now)) {
            SubscriptionSnapshot account = snapshot();
            LOG.atWarn()
                    .addKeyValue("bus", bus.name)
                    .addKeyValue("subscriber", name)
                    .addKeyValue("reason", reason.label())
                    .addKeyValue("dropped", account.totalDropped())
                    .addKeyValue("published", account.published())
                    .addKeyValue("queued", account.queued())
                    .addKeyValue("capacity", account.capacity())
                    .log("Subscriber misses events (at most one line a minute for each subscriber)");
        }
        return reason;
    }

    private boolean isOwnThread() {
        Thread current = Thread.currentThread();
        return workers.stream().anyMatch(worker -> worker.runsOn(current));
    }

    @Override
    public void close() {
        close(Deadline.after(Duration.ZERO, bus.events.ticker), false);
    }

    @Override
    public Undelivered close(Deadline deadline) {
        return close(deadline, true);
    }

    private Undelivered close(Deadline deadline, boolean interrupt) {
        beginClose();
        if (isOwnThread() && !deadline.isExpired() && closeLater(deadline)) {
            return new Undelivered(name, List.of(), List.of());
        }
        await(deadline);
        return finishClose(interrupt);
    }

    /** Leaves the queue to the workers until the deadline; returns false if nothing can watch the deadline. */
    private boolean closeLater(Deadline deadline) {
        try {
            bus.events.scheduler.after(deadline.remaining(), () -> log(finishClose(true)));
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** Accepts no further events, and ends the workers once the queue is empty. */
    void beginClose() {
        bus.detach(this);
        queue.drain();
        workers.forEach(DeliveryWorker::wake);
    }

    /** Waits until the workers have ended or the deadline has passed. A handler that exits the process is not waited for. */
    void await(Deadline deadline) {
        if (ExitCall.isInProgress()) {
            workers.stream().filter(DeliveryWorker::isNewlyExcused).forEach(_ -> workerEnded());
        }
        if (!isOwnThread()) {
            try {
                boolean _ = running.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void workerEnded() {
        running.countDown();
        if (running.getCount() == 0) {
            bus.remove(this);
            options.onEnd.run();
        }
    }

    /** Drops what the workers left in the queue, and returns it once, with what their handlers still have. */
    Undelivered finishClose(boolean interrupt) {
        List<Event<?>> queued = queue.close();
        queued.forEach(event -> drop(event, DropReason.UNDELIVERED));
        bus.remove(this);
        List<UnfinishedEvent> inHand = inHand();
        for (DeliveryWorker worker : workers) {
            if (interrupt && !worker.runsOn(Thread.currentThread())) {
                worker.interrupt();
            }
            worker.wake();
        }
        return new Undelivered(name, queued, inHand);
    }

    /** Collects what the workers have; looks again while one of them is between the queue and its handler. */
    private List<UnfinishedEvent> inHand() {
        for (int looks = 0; looks < MAX_LOOKS; looks++) {
            if (workers.stream().filter(DeliveryWorker::isBusy).count()
                    == snapshot().inHand()) {
                break;
            }
            Thread.onSpinWait();
        }
        List<UnfinishedEvent> found = new ArrayList<>();
        workers.forEach(worker -> worker.collect(found));
        return List.copyOf(found);
    }

    static void log(Undelivered left) {
        if (!left.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("subscription", left.subscription())
                    .addKeyValue("queued", left.queued().size())
                    .addKeyValue("inHand", left.inHand().size())
                    .log("Events were not delivered before the close");
        }
    }

    @Override
    public SubscriptionSnapshot snapshot() {
        long taken = workers.stream().mapToLong(DeliveryWorker::processed).sum();
        long failed = deadLettered.sum();
        Map<DropReason, Long> dropped = drops.snapshot();
        long before = 0;
        long after = 0;
        for (Map.Entry<DropReason, Long> entry : dropped.entrySet()) {
            if (entry.getKey().isBeforeQueue()) {
                before += entry.getValue();
            } else {
                after += entry.getValue();
            }
        }
        SubscriberQueue.Counts counts = queue.counts();
        return new SubscriptionSnapshot(
                name,
                bus.name,
                filter.types(),
                queue.capacity(),
                counts.queued(),
                counts.accepted() - counts.queued() - taken - failed - after,
                counts.accepted() + before,
                taken,
                failed,
                retried.sum(),
                dropped);
    }
}
