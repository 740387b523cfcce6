package io.lynx.event;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.event.PublishResult.DropReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What became of an event that was received from outside: it is complete when each matching subscription has processed the event, has
 * failed to, or has dropped it. An event that was not processed by all can be delivered again to the others. Thread-safe.
 */
public final class EventReceipt {
    private final ReceivedEvent event;

    @GuardedBy("this")
    private final Set<String> processed = new HashSet<>();

    @GuardedBy("this")
    private final Set<String> open = new HashSet<>();

    @GuardedBy("this")
    private final List<String> failed = new ArrayList<>();

    @GuardedBy("this")
    private @Nullable Throwable failure;

    @GuardedBy("this")
    private @Nullable DropReason dropped;

    @GuardedBy("this")
    private boolean isOffering;

    @GuardedBy("this")
    private CompletableFuture<ReceiptOutcome> outcome = new CompletableFuture<>();

    /**
     * The outcome of one delivery. Immutable.
     *
     * @param subscriptions how many subscriptions have processed the event, in earlier deliveries too
     * @param failed the names of those whose handlers threw
     * @param failure what a handler threw; null if none did
     * @param dropped why a subscription did not handle it, such as a full queue; null if none dropped it
     */
    public record ReceiptOutcome(
            int subscriptions,
            List<String> failed,
            @Nullable Throwable failure,
            @Nullable DropReason dropped) {
        /** Returns whether every matching subscription has processed it; there may be none. */
        public boolean isProcessed() {
            return failure == null && dropped == null;
        }
    }

    /** Creates the receipt of an event that is not delivered yet; see {@link EventBuses#receive}. */
    public EventReceipt(ReceivedEvent event) {
        this.event = event;
    }

    /** Returns the event. */
    public ReceivedEvent event() {
        return event;
    }

    /** Returns the outcome of the present delivery, once it is complete. It never fails. */
    public synchronized CompletionStage<ReceiptOutcome> outcome() {
        return outcome.minimalCompletionStage();
    }

    /** Begins a delivery and returns the subscriptions that have not processed the event yet. */
    synchronized List<QueuedSubscription> begin(QueuedSubscription[] all) {
        outcome = new CompletableFuture<>();
        failed.clear();
        failure = null;
        dropped = null;
        isOffering = true;
        List<QueuedSubscription> to = new ArrayList<>();
        for (QueuedSubscription target : all) {
            if (!processed.contains(target.name())) {
                to.add(target);
                open.add(target.name());
            }
        }
        return to;
    }

    /** Every subscription has it in its queue or has dropped it. */
    void offered() {
        settle(this::endOffering);
    }

    private synchronized void endOffering() {
        isOffering = false;
    }

    /** No subscription has received it. */
    void refused(DropReason reason) {
        CompletableFuture<ReceiptOutcome> completed = new CompletableFuture<>();
        ReceiptOutcome result;
        synchronized (this) {
            outcome = completed;
            dropped = reason;
            result = result();
        }
        boolean _ = completed.complete(result);
    }

    private void settle(Runnable change) {
        CompletableFuture<ReceiptOutcome> completed = null;
        ReceiptOutcome result = null;
        synchronized (this) {
            change.run();
            if (open.isEmpty() && !isOffering) {
                completed = outcome;
                result = result();
            }
        }
        if (completed != null) {
            boolean _ = completed.complete(result);
        }
    }

    private synchronized ReceiptOutcome result() {
        return new ReceiptOutcome(processed.size(), List.copyOf(failed), failure, dropped);
    }

    private synchronized void processedBy(String subscription) {
        if (open.remove(subscription)) {
            boolean _ = processed.add(subscription);
        }
    }

    private synchronized void failedIn(String subscription, Throwable thrown) {
        if (open.remove(subscription)) {
            failed.add(subscription);
            failure = thrown;
        }
    }

    private synchronized void droppedBy(String subscription, DropReason reason) {
        if (open.remove(subscription)) {
            dropped = reason;
        }
    }

    static void processed(Event<?> event, String subscription) {
        EventReceipt receipt = event.receipt();
        if (receipt != null) {
            receipt.settle(() -> receipt.processedBy(subscription));
        }
    }

    static void failed(Event<?> event, String subscription, Throwable thrown) {
        EventReceipt receipt = event.receipt();
        if (receipt != null) {
            receipt.settle(() -> receipt.failedIn(subscription, thrown));
        }
    }

    static void dropped(Event<?> event, String subscription, DropReason reason) {
        EventReceipt receipt = event.receipt();
        if (receipt != null) {
            receipt.settle(() -> receipt.droppedBy(subscription, reason));
        }
    }
}
