package io.lynx.jdbc.outbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/** Ends the wait of a thread early. Thread-safe. */
final class WakeSignal {
    private final AtomicReference<CompletableFuture<Boolean>> next = new AtomicReference<>(new CompletableFuture<>());

    /** Ends the wait for the stage that {@link #renew} has returned last. */
    void wake() {
        boolean _ = next.get().complete(true);
    }

    /** Returns a stage that the next {@link #wake} completes. */
    CompletionStage<Boolean> renew() {
        CompletableFuture<Boolean> renewed = new CompletableFuture<>();
        next.set(renewed);
        return renewed;
    }
}
