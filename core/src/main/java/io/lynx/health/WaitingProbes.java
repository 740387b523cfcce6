package io.lynx.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The callers that wait for a result of a check from a run that began after they had asked. Guarded by the lock of the {@link ScheduledCheck}. */
final class WaitingProbes {
    private final List<CompletableFuture<Health>> waiting = new ArrayList<>();
    private final List<CompletableFuture<Health>> late = new ArrayList<>();

    /**
     * Adds a caller.
     *
     * @param isLate whether the check is running, so that the result of the run after that is the first that may be passed to it
     */
    CompletableFuture<Health> add(boolean isLate) {
        CompletableFuture<Health> answer = new CompletableFuture<>();
        (isLate ? late : waiting).add(answer);
        return answer;
    }

    /** Passes the result of a run to those that had come before it began. */
    void complete(Health result) {
        waiting.forEach(answer -> answer.complete(result));
        waiting.clear();
        advance();
    }

    /** The next run is one for all of them. */
    void advance() {
        waiting.addAll(late);
        late.clear();
    }

    /** Ends their waits without a result. */
    void cancel() {
        advance();
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
