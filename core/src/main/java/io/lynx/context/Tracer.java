package io.lynx.context;

import io.lynx.extension.ExtensionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Records spans for a tracing system. A plugin installs one by {@link Tracing#install}. Implementations are thread-safe and do not
 * block: they are called on event loops too. What they throw is logged and does not affect the work that is traced.
 */
@ExtensionPoint(
        thread = "the thread of the work that is traced, which may be an event loop",
        deadline = "none: it must not block")
public interface Tracer {
    /**
     * Begins a span.
     *
     * @param parent the span around it, which may be one of another process; null if it begins a trace
     * @param link the span that has caused it without being around it; null if there is none
     */
    TracedSpan start(SpanKind kind, String name, @Nullable TraceContext parent, @Nullable TraceContext link);

    /** A span that a tracer has begun. Used by one thread at a time. */
    @ExtensionPoint(
            thread = "the thread of the work that is traced, which may be an event loop",
            deadline = "none: it must not block")
    interface TracedSpan {
        /** Returns its place in the trace, which calls pass on to other services. */
        TraceContext context();

        /** Adds an attribute. */
        void attribute(String name, String value);

        /** Adds an attribute. */
        void attribute(String name, long value);

        /**
         * Ends the span. Called once.
         *
         * @param error the type of the failure, such as a class or a status; empty if it succeeded
         */
        void end(String error);
    }
}
