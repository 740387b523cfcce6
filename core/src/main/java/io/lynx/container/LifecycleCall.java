package io.lynx.container;

import io.lynx.context.RequestScope;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.time.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A call of a plugin's start or stop, in a context whose deadline is that of the call: what it calls in turn limits itself by it.
 * Used once, by one thread.
 */
final class LifecycleCall implements Runnable {
    private final Plugin plugin;
    private final @Nullable PluginContext context;
    private final Deadline deadline;
    private @Nullable Throwable failure;

    /**
     * Creates a call.
     *
     * @param context for a start; null for a stop
     */
    LifecycleCall(Plugin plugin, @Nullable PluginContext context, Deadline deadline) {
        this.plugin = plugin;
        this.context = context;
        this.deadline = deadline;
    }

    /**
     * Makes the call and returns what it threw; null if it returned.
     *
     * @param id of the plugin, for the name of the span
     * @param tracing where the span goes; null for nowhere
     */
    @Nullable
    Throwable result(String id, @Nullable Tracing tracing) {
        RequestScope scope = RequestScope.of("", deadline);
        Span span = tracing == null || !tracing.isActive()
                ? Span.NONE
                : tracing.begin(SpanKind.INTERNAL, (context == null ? "stop " : "start ") + id, scope);
        span.in(scope).run(this);
        span.end(failure);
        // The threads that it has started go on.
        scope.end();
        return failure;
    }

    @Override
    public void run() {
        try {
            if (context == null) {
                plugin.stop(deadline);
            } else {
                plugin.start(context);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }
}
