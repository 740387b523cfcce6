package io.lynx.event;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.UnfinishedEvent;
import io.lynx.extension.UserCode;
import io.lynx.os.ExitCall;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the events of one subscription to its handler, on a thread of its own that survives whatever the handler does. */
final class DeliveryWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorker.class);

    /** The age in nanoseconds above which the handling of an event begins a trace of its own. */
    private static final long LATE = Duration.ofSeconds(10).toNanos();

    private final QueuedSubscription subscription;
    private final Events events;
    private final Thread thread;
    private final String spanName;
    // Made once, so that delivering an event allocates nothing.
    private final UserCode.Action handling;

    @SuppressWarnings("UnnecessaryLambda") // A method reference would allocate at each event.
    private final Consumer<Throwable> failing = failure -> this.failure = failure;

    @SuppressWarnings("UnnecessaryLambda")
    private final Runnable delivery = this::deliverCurrent;

    private @Nullable Throwable failure;
    // Only this worker's thread writes them; a release is enough, as readers compare them with the account.
    private final AtomicReference<@Nullable Event<?>> current = new AtomicReference<>();
    // The event that it dropped because of the close, until the report of the close has it.
    private final AtomicReference<@Nullable Event<?>> dropped = new AtomicReference<>();
    private volatile @Nullable Event<?> reported;
    private final AtomicLong processed = new AtomicLong();
    private final AtomicBoolean excused = new AtomicBoolean();
    private final AtomicInteger pauses = new AtomicInteger();

    DeliveryWorker(QueuedSubscription subscription, EventHandler<Event<?>> handler) {
        this.subscription = subscription;
        this.events = subscription.bus.events;
        this.spanName = "handle " + subscription.name();
        this.handling = () -> {
            Event<?> event = current.getPlain();
            if (event != null) {
                handler.handle(event);
            }
        };
        this.thread = events.threads.newThread(this);
        thread.setName("lynx-" + subscription.bus.name + "-" + subscription.name());
    }

    void start() {
        thread.start();
    }

    boolean runsOn(Thread other) {
        return thread.equals(other);
    }

    /** Ends a pause before a redelivery early if the subscription has been closed. */
    void wake() {
        LockSupport.unpark(thread);
    }

    void interrupt() {
        thread.interrupt();
    }

    long processed() {
        return processed.get();
    }

    boolean isBusy() {
        return current() != null;
    }

    /** Returns the event that it is handling, or that waits for its redelivery; null if there is none. */
    @Nullable
    Event<?> current() {
        return current.getAcquire();
    }

    /** Returns how often it has begun or ended a pause before a redelivery: an odd number while it pauses. */
    int pauses() {
        return pauses.get();
    }

    Thread thread() {
        return thread;
    }

    /** Adds the event that it is handling or dropped because of the close, once, unless its handler exits the process. */
    void collect(List<UnfinishedEvent> into) {
        Event<?> inHand = current();
        Event<?> left = dropped.getAndSet(null); // Taken in any case, so that no later report has it once more.
        Event<?> event = inHand == null ? left : inHand;
        if (event != null && !excused.get()) {
            reported = event;
            Duration age = Duration.between(event.timestamp(), events.wallClock.instant());
            into.add(new UnfinishedEvent(event, age, List.of(thread.getStackTrace())));
        }
    }

    /** Returns, once, whether its handler is in a call of {@link System#exit}, which does not return. */
    boolean isNewlyExcused() {
        return ExitCall.isMadeBy(thread) && excused.compareAndSet(false, true);
    }

    @Override
    public void run() {
        try {
            Event<?> event = subscription.queue.take();
            while (event != null) {
                current.setRelease(event);
                try {
                    handle(event);
                } catch (Throwable broken) {
                    lost(event, broken);
                }
                current.setRelease(null);
                event = subscription.queue.take();
            }
        } finally {
            subscription.workerEnded();
        }
    }

    private void handle(Event<?> event) {
        RequestContext context = event.context();
        Tracing tracing = events.tracing;
        if (tracing == null || !tracing.isInSpan(context)) {
            context.run(delivery);
            return;
        }
        Span span = tracing.begin(SpanKind.INTERNAL, spanName, context, isLate(event));
        if (span.isTraced()) {
            span.attribute("lynx.event.topic", event.channel.topic.toString());
            span.attribute("lynx.event.subscription", subscription.name());
        }
        failure = null;
        try {
            span.in(context).run(delivery);
        } catch (Throwable broken) {
            failure = broken;
            throw broken;
        } finally {
            span.end(failure);
        }
    }

    /** Returns whether it has waited for so long that the request that published it is probably over. */
    private boolean isLate(Event<?> event) {
        return event.nanos != Event.UNTIMED && events.ticker.nanos() - event.nanos > LATE;
    }

    private void deliverCurrent() {
        Event<?> event = current.getPlain();
        if (event != null) {
            deliver(event);
        }
    }

    private void deliver(Event<?> event) {
        RedeliveryPolicy policy = subscription.options.redelivery;
        int attempts = 1;
        Throwable failed = attempt();
        if (failed != null) {
            // An event without a time gets one before its redeliveries.
            Instant _ = event.timestamp();
        }
        while (failed != null) {
            boolean cutShort = failed instanceof InterruptedException && subscription.queue.hasEnded();
            if (!cutShort && (failed instanceof Error || attempts > policy.times())) {
                deadLetter(event, attempts, failed);
                return;
            }
            if (cutShort || !pause(policy, attempts)) {
                dropAtClose(event);
                return;
            }
            attempts++;
            failed = attempt();
        }
        event.channel.processed.incrementByWorker();
        processed.setRelease(processed.getPlain() + 1);
        EventReceipt.processed(event, subscription.name());
        if (events.observer != null) {
            observe(watcher -> watcher.processed(event, subscription.name(), events.ticker.nanos() - event.nanos));
        }
    }

    private void dropAtClose(Event<?> event) {
        if (!event.equals(reported)) {
            dropped.set(event);
        }
        DropReason _ = subscription.drop(event, DropReason.UNDELIVERED);
    }

    private @Nullable Throwable attempt() {
        failure = null;
        // A handler's interrupt flag does not reach the next handler.
        boolean _ = Thread.interrupted();
        try {
            boolean _ = UserCode.run(handling, failing);
        } catch (VirtualMachineError fatal) {
            failure = fatal;
        }
        boolean _ = Thread.interrupted();
        return failure;
    }

    /** A fault of the framework, such as a class that cannot be loaded, costs the event and not the subscription. */
    private void lost(Event<?> event, Throwable broken) {
        DropReason _ = subscription.drop(event, DropReason.UNDELIVERED);
        report(broken);
    }

    private void report(Throwable broken) {
        boolean _ = UserCode.run(() -> thread.getUncaughtExceptionHandler().uncaughtException(thread, broken), _ -> {});
    }

    private void deadLetter(Event<?> event, int attempts, Throwable failed) {
        // Stored before it is counted, so that a reader of the count finds the letter.
        boolean _ = UserCode.run(
                () -> {
                    DeadLetter letter = events.deadLetters().add(event, subscription.name(), attempts, failed);
                    observe(watcher -> watcher.deadLettered(letter));
                },
                this::report);
        event.channel.deadLettered.increment();
        subscription.deadLettered.increment();
        EventReceipt.failed(event, subscription.name(), failed);
        if (UserCode.isFatal(failed)) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failed);
        }
    }

    private void observe(Consumer<EventObserver> notice) {
        EventObserver watcher = events.observer;
        if (watcher != null) {
            boolean _ = UserCode.run(() -> notice.accept(watcher), failure -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log("Observer of events failed; the event is not affected"));
        }
    }

    /** Waits before the next attempt; returns false if the subscription was closed meanwhile. */
    private boolean pause(RedeliveryPolicy policy, int retry) {
        subscription.retried.increment();
        int _ = pauses.incrementAndGet();
        Deadline end = Deadline.after(policy.pause(retry, events.random), events.ticker);
        Scheduler.@Nullable Scheduled alarm = alarm(end);
        while (!end.isExpired() && !subscription.queue.hasEnded()) {
            if (alarm != null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, end.remainingNanos());
            }
            boolean _ = Thread.interrupted();
        }
        if (alarm != null) {
            boolean _ = alarm.cancel();
        }
        int _ = pauses.incrementAndGet();
        return !subscription.queue.hasEnded();
    }

    private Scheduler.@Nullable Scheduled alarm(Deadline end) {
        try {
            return events.scheduler.after(end.remaining(), this::wake);
        } catch (RejectedExecutionException closed) {
            return null;
        }
    }
}
