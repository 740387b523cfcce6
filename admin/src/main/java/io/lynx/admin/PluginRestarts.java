package io.lynx.admin;

import io.lynx.app.ApplicationView;
import io.lynx.app.StartException;
import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.http.HttpException;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Restarts plugins on threads of their own: a client that closes its connection does not interrupt a restart that has begun.
 * Thread-safe.
 */
final class PluginRestarts {
    private final ApplicationView application;
    private final DebugDocuments documents;

    PluginRestarts(ApplicationView application, DebugDocuments documents) {
        this.application = application;
        this.documents = documents;
    }

    /**
     * Restarts a plugin and waits until the restart has ended.
     *
     * @param audit receives the outcome, also if the caller has stopped waiting
     * @return the plugin as a document, if it runs again
     * @throws HttpException (409) if it cannot be restarted now; (500) if it does not run again
     * @throws InterruptedException if interrupted while waiting; the restart continues
     */
    byte[] restart(String id, Consumer<String> audit) throws InterruptedException {
        audit.accept("requested");
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lynx-admin-restart-" + id).start(() -> {
            try {
                byte[] document = restartNow(id);
                audit.accept("done");
                result.complete(document);
            } catch (HttpException refused) {
                audit.accept(refused.status() == 409 ? "refused" : "failed");
                result.completeExceptionally(refused);
            } catch (Throwable failed) {
                UserCode.rethrowIfFatal(failed);
                audit.accept("failed");
                result.completeExceptionally(failed);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HttpException answer
                    ? answer
                    : new HttpException(500, "plugin: '" + id + "' could not be restarted", e.getCause());
        }
    }

    private byte[] restartNow(String id) throws InterruptedException {
        try {
            application.restart(id);
        } catch (IllegalStateException notNow) {
            throw new HttpException(409, Masking.mask(String.valueOf(notNow.getMessage())), notNow);
        } catch (StartException failed) {
            throw new HttpException(
                    500,
                    "plugin: '" + id + "' did not start again: " + Masking.mask(String.valueOf(failed.getMessage())),
                    failed);
        }
        PluginStatus now = application.plugins().stream()
                .filter(plugin -> plugin.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new HttpException(404, "plugin: '" + id + "'; it does not exist any more"));
        if (now.state() != PluginState.RUNNING) {
            // The failure of an optional plugin does not fail the restart, but the answer reports it.
            String reason = now.failure() == null ? "" : " (" + Masking.mask(UserCode.textOf(now.failure())) + ")";
            throw new HttpException(
                    500, "plugin: '" + id + "' does not run after its restart: " + now.state() + reason);
        }
        return documents.plugin(now);
    }
}
