package io.lynx.opentelemetry;

import io.lynx.metrics.Counter;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The spans that have ended and wait to be pushed. The threads of requests add to it and never wait: a span for which there is no
 * room is dropped and counted. Thread-safe.
 */
final class SpanQueue implements SpanProcessor {
    private final BlockingQueue<ReadableSpan> waiting;
    private final Counter dropped;
    private volatile Runnable onSpan = () -> {};

    /**
     * Creates an empty queue.
     *
     * @param dropped counts the spans for which there is no room
     */
    SpanQueue(int size, Counter dropped) {
        this.waiting = new ArrayBlockingQueue<>(size);
        this.dropped = dropped;
    }

    /** Sets what runs after each span, on its thread; it must not wait. */
    void onSpan(Runnable action) {
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
        if (!span.getSpanContext().isSampled()) {
            return;
        }
        if (waiting.offer(span)) {
            onSpan.run();
        } else {
            dropped.increment();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    int size() {
        return waiting.size();
    }

    /** Takes the spans that have waited longest. */
    List<SpanData> take(int most) {
        List<ReadableSpan> taken = new ArrayList<>(Math.min(most, waiting.size()));
        int _ = waiting.drainTo(taken, most);
        return taken.stream().map(ReadableSpan::toSpanData).toList();
    }
}
