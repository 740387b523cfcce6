package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.event.bridge.DeadLetterChannel.LetterOutcome;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the queue of a bridge, batch after batch, each until the broker has acknowledged all of it. What the broker refuses
 * permanently becomes a dead letter. One thread runs it.
 */
final class BridgeForwarder implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeForwarder.class);

    private final String bridge;
    private final BridgeQueue queue;
    private final BatchPublisher publisher;
    private final DeadLetterChannel deadLetters;
    private final int batchSize;
    private final RedeliveryPauses pauses;
    private final Scheduler scheduler;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Runnable onRetry;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final CompletableFuture<Boolean> abandoned = new CompletableFuture<>();
    private volatile @Nullable Throwable problem;

    BridgeForwarder(
            String bridge,
            BridgeQueue queue,
            BatchPublisher publisher,
            DeadLetterChannel deadLetters,
            BridgeConfig config,
            Scheduler scheduler,
            Ticker ticker,
            RandomGenerator random,
            Runnable onRetry) {
        this.bridge = bridge;
        this.queue = queue;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.batchSize = config.batchSize();
        this.pauses = config.pauses();
        this.scheduler = scheduler;
        this.ticker = ticker;
        this.random = random;
        this.onRetry = onRetry;
    }

    @Override
    public void run() {
        try {
            List<BridgeMessage> batch = queue.take(batchSize);
            while (!batch.isEmpty()) {
                send(batch);
                batch = queue.take(batchSize);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            boolean _ = ended.complete(true);
        }
    }

    private void send(List<BridgeMessage> batch) throws InterruptedException {
        List<BridgeMessage> left = batch;
        int failures = 0;
        while (!left.isEmpty() && !abandoned.isDone()) {
            List<UnpublishedMessage> refused = publisher.publish(left);
            queue.acknowledged(left.size() - refused.size());
            left = retriable(refused);
            if (left.isEmpty()) {
                recovered(failures);
            } else {
                failures++;
                failing(failures, refused.getFirst().cause(), left.size());
                boolean _ =
                        TimedWait.await(abandoned, Deadline.after(pauses.after(failures, random), ticker), scheduler);
                onRetry.run();
            }
        }
    }

    private List<BridgeMessage> retriable(List<UnpublishedMessage> refused) throws InterruptedException {
        List<BridgeMessage> left = new ArrayList<>();
        for (UnpublishedMessage each : refused) {
            if (!each.isPermanent() || !isDeadLetter(each)) {
                left.add(each.message());
            }
        }
        return left;
    }

    /** Returns whether a message that the broker refuses needs no further attempt. */
    private boolean isDeadLetter(UnpublishedMessage refused) throws InterruptedException {
        return switch (deadLetters.publish(refused.message(), LocalDelivery.describe(refused.cause()))) {
            case LetterOutcome.Stored _ -> {
                queue.deadLettered();
                yield true;
            }
            case LetterOutcome.Lost _ -> {
                // Sending it again and again would block all that follow.
                queue.lost();
                yield true;
            }
            case LetterOutcome.Unacknowledged _ -> false;
        };
    }

    private void failing(int failures, Throwable cause, int left) {
        problem = cause;
        if (Integer.bitCount(failures) == 1) {
            LOG.atWarn()
                    .addKeyValue("bridge", bridge)
                    .addKeyValue("events", left)
                    .addKeyValue("attempts", failures)
                    .log("Events could not be sent and are sent again: {}", LocalDelivery.describe(cause));
        }
    }

    private void recovered(int failures) {
        problem = null;
        if (failures > 0) {
            LOG.atInfo().addKeyValue("bridge", bridge).log("Events are sent again");
        }
    }

    /** Returns why sending fails at present; null if it does not. */
    @Nullable
    Throwable problem() {
        return problem;
    }

    /** Sends what is queued, until the deadline; returns how many events were not sent. */
    long close(Deadline deadline) throws InterruptedException {
        queue.close();
        boolean _ = TimedWait.await(ended, deadline, scheduler);
        boolean _ = abandoned.complete(true);
        return queue.abandon();
    }
}
