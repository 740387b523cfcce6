package io.lynx.http.engine.exchange;

import io.lynx.http.HttpConfig;
import io.lynx.http.HttpException;
import io.lynx.http.engine.problem.Problem;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.telemetry.AccessEntry;
import io.lynx.http.engine.telemetry.AccessLog;
import io.lynx.transport.Head;
import io.lynx.transport.ListenerObserver;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamHandler;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** HTTP on a listener: it serves every stream that no other protocol accepts. Thread-safe once it {@linkplain #serve serves}. */
public final class HttpProtocol implements StreamHandler, ListenerObserver {
    private volatile @Nullable ServerContext server;

    /** Sets what answers. Called once, before the listener opens. */
    public void serve(ServerContext server) {
        this.server = server;
    }

    private ServerContext server() {
        return Objects.requireNonNull(server, "server");
    }

    @Override
    public boolean accepts(Head head) {
        return true;
    }

    @Override
    public void handle(Stream stream) {
        new Exchange(server(), stream).start();
    }

    @Override
    public Duration checkInterval() {
        HttpConfig limits = server().config();
        return StreamHandler.checkInterval(limits.stallTimeout(), limits.requestTimeout());
    }

    @Override
    public void connectionRefused() {
        server().rejected(Rejection.MAX_CONNECTIONS);
    }

    @Override
    public void proxyHeaderRefused() {
        server().rejected(Rejection.PROXY_PROTOCOL);
    }

    @Override
    public Refusal headTimedOut(long nanos) {
        server().timedOut(RequestTimeLimit.HEAD);
        return refusal(new HttpException(408, "the head of the request arrived too slowly"), nanos);
    }

    @Override
    public Refusal malformed(int status, String detail) {
        server().rejected(Rejection.MALFORMED);
        return refusal(new HttpException(status, detail), 0);
    }

    private Refusal refusal(HttpException problem, long nanos) {
        ServerContext context = server();
        String id = context.requestId(context.nextNumber());
        byte[] body = Problem.json(problem, id);
        if (context.router().serverChain().isMeasured()) {
            context.recorder().ended(null, "", problem.status(), nanos, nanos, 0, body.length, null);
        }
        AccessLog log = context.accessLog();
        if (log != null && context.router().serverChain().isLogged() && log.isEnabled()) {
            log.write(AccessEntry.unreadable(log.clock().instant(), id, problem.status(), body.length, nanos));
        }
        return new Refusal(Problem.TYPE, body);
    }

    @Override
    public void handshakeTimedOut() {
        server().timedOut(RequestTimeLimit.HEAD);
    }
}
