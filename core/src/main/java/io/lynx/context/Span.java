package io.lynx.context;

import io.lynx.context.Tracer.TracedSpan;
import io.lynx.extension.UserCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that is recorded: by the tracer that is installed, by the ring of recent requests, by both or by neither. The
 * work runs in the context that {@link #in} returns. No method throws what a tracer throws. Used by one thread at a time.
 */
public final class Span {
    /** Records nothing. */
    public static final Span NONE = new Span(null, null, null, null);

    private final @Nullable Tracing tracing;
    private final @Nullable TracedSpan traced;
    private final @Nullable TraceContext context;
    private final @Nullable SpanNode node;
    private boolean hasEnded;

    Span(
            @Nullable Tracing tracing,
            @Nullable TracedSpan traced,
            @Nullable TraceContext context,
            @Nullable SpanNode node) {
        this.tracing = tracing;
        this.traced = traced;
        this.context = context;
        this.node = node;
    }

    boolean isNone() {
        return context == null && node == null;
    }

    /** Returns {@code outer} inside this span: {@code outer} itself if nothing records the span. */
    public RequestContext in(RequestContext outer) {
        if (isNone()) {
            return outer;
        }
        RequestScope inside = outer.inner(context, null, null);
        inside.enterPart(node);
        return inside;
    }

    /** Returns whether a tracer records the span; otherwise its attributes need not be computed. */
    public boolean isTraced() {
        return context != null && context.isSampled();
    }

    /** Adds an attribute, for a tracer. */
    public void attribute(String name, String value) {
        if (traced == null || tracing == null) {
            return;
        }
        try {
            traced.attribute(name, value);
        } catch (Throwable failure) {
            tracing.tracerFailed(failure);
        }
    }

    /** Adds an attribute, for a tracer. */
    public void attribute(String name, long value) {
        if (traced == null || tracing == null) {
            return;
        }
        try {
            traced.attribute(name, value);
        } catch (Throwable failure) {
            tracing.tracerFailed(failure);
        }
    }

    /** Ends the span, once. */
    public void end(@Nullable Throwable failure) {
        end(failure == null ? "" : errorType(failure));
    }

    /**
     * Ends the span, once.
     *
     * @param error the type of the failure, such as a status; empty if the work succeeded
     */
    public void end(String error) {
        if (tracing == null || hasEnded) {
            return;
        }
        hasEnded = true;
        if (node != null) {
            node.end(error, tracing.now());
        }
        if (traced == null) {
            return;
        }
        try {
            traced.end(error);
        } catch (Throwable failure) {
            tracing.tracerFailed(failure);
        }
    }

    static String errorType(Throwable failure) {
        Throwable cause = UserCode.causeOf(failure);
        boolean isWrapper = failure instanceof ExecutionException || failure instanceof CompletionException;
        return (isWrapper && cause != null ? cause : failure).getClass().getName();
    }
}
