package io.lynx.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The callers that wait for the next result of a check. Guarded by the lock of the {@link ScheduledCheck}. */
final class WaitingProbes {
    private final List<CompletableFuture<Health>> waiting = new ArrayList<>();

    /** Adds a caller. */
    CompletableFuture<Health> add() {
        CompletableFuture<Health> answer = new CompletableFuture<>();
        waiting.add(answer);
        return answer;
    }

    /** Passes a result to all of them. */
    void complete(Health result) {
        waiting.forEach(answer -> answer.complete(result));
        waiting.clear();
    }

    /** Ends their waits without a result. */
    void cancel() {
        waiting.forEach(answer -> answer.cancel(false));
        waiting.clear();
    }

    /**
     * Waits for an answer, without the lock.
     *
     * @throws CancellationException if there will be no result
     */
    static Health await(CompletableFuture<Health> answer, Duration patience)
            throws InterruptedException, TimeoutException {
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
