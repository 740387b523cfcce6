package io.lynx.grpc.engine;

import io.grpc.Context;
import io.grpc.Status;
import io.lynx.grpc.engine.wire.GrpcTimeout;
import io.lynx.time.Deadline;
import io.lynx.transport.Stream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may take: the least of what its client, its service and the server allow. Written by the event loop before the
 * service sees the call, read by any thread.
 */
final class CallTimeLimit {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final RpcServer server;
    private final Stream stream;
    private long nanos = UNLIMITED;
    private boolean isOwn;

    CallTimeLimit(RpcServer server, Stream stream) {
        this.server = server;
        this.stream = stream;
    }

    /** Finds out how long a call of {@code method} may take; returns what is wrong with the client's time, or null. */
    @Nullable
    Status begin(ServedMethod method) {
        if (!server.hasDeadlines()) {
            return null;
        }
        long most = method.options()
                .timeout()
                .map(RpcServer::nanos)
                .orElse(method.isLasting() ? 0L : server.requestTimeout());
        nanos = most == 0 ? UNLIMITED : most;
        isOwn = most > 0 && method.options().timeout().isPresent();
        String requested = stream.head().header(GrpcTimeout.HEADER);
        if (requested != null) {
            long allowed = GrpcTimeout.nanos(requested);
            if (allowed == GrpcTimeout.MALFORMED) {
                server.rejected(RpcServer.MALFORMED);
                return Status.INTERNAL.withDescription(
                        "grpc-timeout: it is not a time; one to eight digits and a unit");
            }
            if (allowed < nanos) {
                nanos = allowed;
                isOwn = true;
            }
        }
        if (nanos != UNLIMITED) {
            stream.announceLimit(nanos);
        }
        return null;
    }

    /** Whether the time is over at {@code now}. */
    boolean isOver(long now) {
        return now - stream.startedAt() >= nanos;
    }

    /** Whether the limit is that of the client or the service, and not of the server. */
    boolean isOwn() {
        return isOwn;
    }

    /** The share of the time that was left after {@code took} nanoseconds, in millionths. */
    long unusedMillionths(long took) {
        return nanos == 0 ? 0 : Math.max(0, Math.round((1 - (double) took / nanos) * 1e6));
    }

    private long left() {
        return Math.max(0, nanos - (server.now() - stream.startedAt()));
    }

    /** By when the call must have ended; empty if nothing limits it. */
    Optional<Deadline> deadline() {
        return nanos == UNLIMITED
                ? Optional.empty()
                : Optional.of(Deadline.after(Duration.ofNanos(left()), server.ticker()));
    }

    /** A context of gRPC with that deadline. The server cancels it itself, so it needs no timer. */
    Context.CancellableContext context() {
        return nanos == UNLIMITED
                ? Context.ROOT.withCancellation()
                : Context.ROOT.withDeadline(
                        io.grpc.Deadline.after(left(), TimeUnit.NANOSECONDS, server.contextTicker()), NoTimer.INSTANCE);
    }
}
