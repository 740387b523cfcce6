package io.lynx.opentelemetry;

import io.lynx.metrics.Counter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The spans that have ended and wait to be pushed. The threads of requests add to it and never wait: a span for which there is no
 * room is dropped and counted. Thread-safe.
 */
final class SpanQueue implements SpanProcessor {
    private final Queue<EndedSpan> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int most;
    private final Counter dropped;
    private volatile IntConsumer onSpan = _ -> {};

    /**
     * Creates an empty queue.
     *
     * @param dropped counts the spans for which there is no room
     */
    SpanQueue(int most, Counter dropped) {
        this.most = most;
        this.dropped = dropped;
    }

    /** Sets what receives, after each span and on its thread, the number of spans that wait; it must not wait itself. */
    void onSpan(IntConsumer action) {
        onSpan = action;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled()) {
            add(new EndedSpan.User(span.toSpanData()));
        }
    }

    /** Adds a span that has ended, if there is room for it. */
    void add(EndedSpan span) {
        int number = size.incrementAndGet();
        if (number > most) {
            int _ = size.decrementAndGet();
            dropped.increment();
            return;
        }
        boolean _ = waiting.add(span);
        onSpan.accept(number);
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    int size() {
        return size.get();
    }

    /** Takes the spans that have waited longest. For one thread at a time. */
    List<EndedSpan> take(int atMost) {
        List<EndedSpan> taken = new ArrayList<>(Math.min(atMost, size()));
        EndedSpan next = taken.size() < atMost ? waiting.poll() : null;
        while (next != null) {
            int _ = size.decrementAndGet();
            boolean _ = taken.add(next);
            next = taken.size() < atMost ? waiting.poll() : null;
        }
        return taken;
    }
}
