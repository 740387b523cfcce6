package io.lynx.transport.engine.connection;

import io.lynx.transport.engine.framing.Http2Framing;
import io.lynx.transport.engine.framing.Syntax;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The open streams of one connection, and since when there has been none. Other threads than the event loop may read it; what
 * they read is an estimate.
 */
public final class OpenStreams {
    private final Connection connection;
    private final ListenerState state;
    private final Http1Messages http1;
    private final ClearTextReader reader;
    private final Set<VertxStream> streams = ConcurrentHashMap.newKeySet(4);
    private boolean begun;
    private long quietSince;

    OpenStreams(Connection connection, ListenerState state, Http1Messages http1, ClearTextReader reader) {
        this.connection = connection;
        this.state = state;
        this.http1 = http1;
        this.reader = reader;
        this.quietSince = state.now();
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    public Stream<VertxStream> stream() {
        return streams.stream();
    }

    /** Passes those that are open now to {@code action}, which may end them. */
    void forEach(Consumer<VertxStream> action) {
        List.copyOf(streams).forEach(action);
    }

    boolean areBodiesRead() {
        return streams.stream().allMatch(VertxStream::isBodyRead);
    }

    /** Whether there was any. */
    boolean haveBegun() {
        return begun;
    }

    /** When the last one ended, or the connection was opened. */
    long quietSince() {
        return quietSince;
    }

    /** Begins the idle time anew. */
    void quiet() {
        quietSince = state.now();
    }

    /** Why {@code request} is not served, as an error code of HTTP/2; {@link Http2Framing#NO_ERROR} if it is. */
    public int refusal(HttpServerRequest request) {
        if (!connection.isHttp2()) {
            return Http2Framing.NO_ERROR;
        }
        if (streams.size() >= Connection.MAX_STREAMS) {
            return Http2Framing.REFUSED_STREAM;
        }
        return Syntax.areValid(request) ? Http2Framing.NO_ERROR : Http2Framing.PROTOCOL_ERROR;
    }

    void started(VertxStream stream) {
        streams.add(stream);
        begun = true;
        http1.begun();
        if (connection.isHttp2() && state.isAnnounced()) {
            connection.end().announceHttp2();
        }
    }

    void finished(VertxStream stream) {
        streams.remove(stream);
        if (!streams.isEmpty()) {
            return;
        }
        quiet();
        if (!connection.end().closesAfterAnswer()) {
            reader.endIfInvalidLater();
        }
        reader.proceedLater();
        connection.end().idle();
    }
}
