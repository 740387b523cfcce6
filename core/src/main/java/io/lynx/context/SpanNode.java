package io.lynx.context;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.context.RecentRequest.RecentSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One part of the work for a request, for the ring of recent requests. The root stands for the request itself and holds all others
 * in one list, which is bounded; further ones are counted and left out. A request has a root only if it has a part to record or has
 * failed. Thread-safe.
 */
final class SpanNode {
    /** The parts of one request that are kept. */
    private static final int MOST = 64;

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

    @GuardedBy("this")
    private int leftOut;

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
        return root.add(this, partKind, partName, nanos);
    }

    private synchronized @Nullable SpanNode add(SpanNode around, SpanKind partKind, String partName, long nanos) {
        if (parts == null) {
            parts = new ArrayList<>(4);
        }
        if (parts.size() == MOST) {
            leftOut++;
            return null;
        }
        SpanNode part = new SpanNode(around, partKind, cut(partName), nanos);
        boolean _ = parts.add(part);
        return part;
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

    /** Returns how many parts of the request were left out. */
    int leftOut() {
        return root.ownLeftOut();
    }

    private synchronized int ownLeftOut() {
        return leftOut;
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
