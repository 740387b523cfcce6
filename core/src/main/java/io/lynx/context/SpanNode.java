package io.lynx.context;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RecentRequest.RecentSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One part of the work for a request, for the ring of recent requests. The root stands for the request itself and holds all others
 * in one list, which is bounded; further ones are left out. It exists only for requests that have a part to record. Thread-safe.
 */
final class SpanNode {
    /** The parts of one request that are kept. */
    static final int MOST = 32;

    private static final int LONGEST_TEXT = 200;
    private static final long RUNNING = Long.MIN_VALUE;

    private final SpanNode root;
    private final @Nullable SpanNode parent;
    private final SpanKind kind;
    private final String name;
    private final long startedAt;
    private volatile long endedAt = RUNNING;
    private volatile String error = "";

    @GuardedBy("this")
    private @Nullable List<SpanNode> parts;

    private SpanNode(@Nullable SpanNode parent, SpanKind kind, String name, long startedAt) {
        this.root = parent == null ? this : parent.root;
        this.parent = parent;
        this.kind = kind;
        this.name = name;
        this.startedAt = startedAt;
    }

    /** Returns the node of a request. */
    static SpanNode root() {
        return new SpanNode(null, SpanKind.SERVER, "", 0);
    }

    /** Begins a part; returns null if the request has too many. */
    @Nullable
    SpanNode begin(SpanKind partKind, String partName, long nanos) {
        SpanNode part = new SpanNode(this, partKind, cut(partName), nanos);
        return root.add(part) ? part : null;
    }

    private synchronized boolean add(SpanNode part) {
        if (parts == null) {
            parts = new ArrayList<>(4);
        }
        return parts.size() < MOST && parts.add(part);
    }

    void end(String failure, long nanos) {
        error = cut(failure);
        endedAt = nanos;
    }

    /** Sets why the request failed. */
    void failed(String failure) {
        error = cut(failure);
    }

    String error() {
        return error;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }

    /** Returns the parts directly inside this one, with theirs, in the order in which they began. */
    List<RecentSpan> tree(long requestStartedAt) {
        return inside(root.all(), requestStartedAt);
    }

    private synchronized List<SpanNode> all() {
        return parts == null ? List.of() : List.copyOf(parts);
    }

    @SuppressWarnings("ReferenceEquality") // A node is its own identity.
    private List<RecentSpan> inside(List<SpanNode> all, long requestStartedAt) {
        List<RecentSpan> inside = new ArrayList<>();
        for (SpanNode part : all) {
            if (part.parent == this) {
                long ended = part.endedAt;
                inside.add(new RecentSpan(
                        part.name,
                        part.kind,
                        Duration.ofNanos(part.startedAt - requestStartedAt),
                        ended == RUNNING ? null : Duration.ofNanos(ended - part.startedAt),
                        part.error,
                        part.inside(all, requestStartedAt)));
            }
        }
        return List.copyOf(inside);
    }
}
