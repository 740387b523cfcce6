package io.lynx.opentelemetry;

import io.lynx.context.SpanKind;
import io.lynx.context.TraceContext;
import io.lynx.context.Tracer.TracedSpan;
import io.opentelemetry.sdk.common.Clock;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recorded span of the framework. It holds no more than {@link SpanMessage} writes, since a busy service begins a hundred thousand
 * of them a second; a span of the SDK takes several times as long. Used by one thread at a time, and not changed once it has ended.
 */
final class FrameworkSpan implements EndedSpan, TracedSpan {
    private static final int USUAL_ATTRIBUTES = 10;

    private final TraceContext context;
    private final SpanKind kind;
    private final String name;
    private final @Nullable TraceContext parent;
    private final @Nullable TraceContext link;
    private final Clock clock;
    private final Consumer<EndedSpan> whenEnded;
    private final long startedAt;
    private final long startedNanos;

    private String error = "";
    private long nanos;
    private boolean hasEnded;

    /** Names and values in turn; a value is a text or a number. */
    private Object[] attributes = new Object[2 * USUAL_ATTRIBUTES];

    private int used;

    FrameworkSpan(
            TraceContext context,
            SpanKind kind,
            String name,
            @Nullable TraceContext parent,
            @Nullable TraceContext link,
            Clock clock,
            Consumer<EndedSpan> whenEnded) {
        this.context = context;
        this.kind = kind;
        this.name = name;
        this.parent = parent;
        this.link = link;
        this.clock = clock;
        this.whenEnded = whenEnded;
        this.startedAt = clock.now();
        this.startedNanos = clock.nanoTime();
    }

    @Override
    public TraceContext context() {
        return context;
    }

    @Override
    public void attribute(String key, String value) {
        add(key, value);
    }

    @Override
    public void attribute(String key, long value) {
        add(key, value);
    }

    private void add(String key, Object value) {
        if (hasEnded) {
            return;
        }
        if (used == attributes.length) {
            attributes = Arrays.copyOf(attributes, 2 * used);
        }
        attributes[used] = key;
        attributes[used + 1] = value;
        used += 2;
    }

    @Override
    public void end(String failure) {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        error = failure;
        nanos = Math.max(0, clock.nanoTime() - startedNanos);
        whenEnded.accept(this);
    }

    SpanKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    /** Returns the span around this one; null if it begins a trace. */
    @Nullable
    TraceContext parent() {
        return parent;
    }

    /** Returns the span that caused this one without being around it; null if there is none. */
    @Nullable
    TraceContext link() {
        return link;
    }

    /** Returns when it began, in nanoseconds since 1970. */
    long startedAt() {
        return startedAt;
    }

    /** Returns when it ended. A clock that was set meanwhile has no effect on how long it took. */
    long endedAt() {
        return startedAt + nanos;
    }

    /** Returns the type of the failure; empty if it succeeded. */
    String error() {
        return error;
    }

    /** Passes on the name and value of each attribute, the last one first. A value is a String or a Long. */
    void attributesBackwards(BiConsumer<String, Object> action) {
        for (int i = used - 2; i >= 0; i -= 2) {
            action.accept((String) attributes[i], attributes[i + 1]);
        }
    }
}
