package io.lynx.http.engine.exchange;

import io.lynx.http.engine.routing.Route;
import io.lynx.http.engine.routing.RouteTarget;
import io.lynx.time.Deadline;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take: the least of what the server or the route allows, and of what a trusted caller has left, which it
 * states in {@code X-Request-Timeout}. Written by the event loop before the handler runs, read by any thread. It is a part of the
 * {@link ExchangeRecord}, not an object of its own, to save an allocation.
 */
abstract class TimeAllowance {
    static final String HEADER = "x-request-timeout";

    private static final long UNLIMITED = Long.MAX_VALUE;
    /** Of a number in the header, as in that of gRPC. */
    private static final int MOST_DIGITS = 8;

    final ServerContext server;
    final long startedAt;
    private long nanos = UNLIMITED;
    private boolean isOwn;

    TimeAllowance(ServerContext server, long startedAt) {
        this.server = server;
        this.startedAt = startedAt;
    }

    /** Finds out how long the request to {@code target} may take. */
    final void limit(RouteTarget target, Stream stream) {
        if (!target.chain().hasDeadline()) {
            return;
        }
        Route route = target.route();
        long most = target.timeLimit(server.requestTimeout());
        nanos = most == 0 ? UNLIMITED : most;
        isOwn = most > 0 && route != null && route.options().timeout().isPresent();
        Head head = stream.head();
        if (server.hasTrustedPeers() && head.hasHeader(HEADER) && server.isTrusted(stream.peer())) {
            long asked = head.headers(HEADER).size() == 1 ? parse(head.header(HEADER)) : -1;
            if (asked < 0) {
                server.recorder().ignored(HEADER);
            } else if (asked < nanos) {
                nanos = asked;
                isOwn = true;
            }
        }
        if (isOwn) {
            stream.announceLimit(nanos);
        }
    }

    /** Returns the nanoseconds that {@code text} means, such as {@code 250ms} or {@code 5s}; -1 if it is malformed. */
    private static long parse(@Nullable String text) {
        if (text == null) {
            return -1;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            return -1;
        }
        long number = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> number * 1_000_000;
            case "s" -> number * 1_000_000_000;
            default -> -1;
        };
    }

    /** Whether the limit is that of the caller or the route, and not of the server. */
    final boolean isOwn() {
        return isOwn;
    }

    /** Whether the time is over at {@code now}. */
    final boolean isOver(long now) {
        return now - startedAt >= nanos;
    }

    /** Returns the nanoseconds that are left at {@code now}; the largest number if nothing limits the request. */
    final long remaining(long now) {
        return nanos == UNLIMITED ? UNLIMITED : Math.max(0, nanos - (now - startedAt));
    }

    /** Returns the share of the time that was left after {@code took} nanoseconds, in millionths. */
    final long unusedMillionths(long took) {
        return nanos == 0 ? 0 : Math.max(0, Math.round((1 - (double) took / nanos) * 1e6));
    }

    /** Returns by when the answer must begin; empty if nothing limits the request. */
    final Optional<Deadline> deadline() {
        return nanos == UNLIMITED
                ? Optional.empty()
                : Optional.of(Deadline.after(Duration.ofNanos(nanos - (server.now() - startedAt)), server.ticker()));
    }
}
