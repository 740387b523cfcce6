package io.lynx.http.client.engine.balance;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.engine.call.AddressCall;
import io.lynx.http.client.engine.call.Answer;
import io.lynx.http.client.engine.call.OutgoingRequest;
import io.lynx.http.client.engine.call.SendTime;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.telemetry.CallTrace;
import io.lynx.http.client.engine.telemetry.ClientCounts;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.transport.Connector;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes each attempt of a call on a server that the balancer chooses. If no connection to it can be made, another server is tried
 * at once, since nothing was sent. Thread-safe.
 */
public final class ServerCalls {
    private final BalancedServers servers;
    private final AddressCall call;
    private final CallTrace trace;

    public ServerCalls(
            ClientLimits limits, ClientTarget target, Connector connector, ClientRuntime runtime, CallTrace trace) {
        this.trace = trace;
        this.call = new AddressCall(limits, target.scheme(), target.authority());
        this.servers = new BalancedServers(limits, target, connector, runtime);
    }

    /**
     * Makes an attempt.
     *
     * @param made the attempts of the same call that came before
     * @param resent how many they are
     */
    public Answer call(OutgoingRequest request, CallAttempts made, int resent, CallTime time, CallFailures failures)
            throws InterruptedException {
        List<Server> known = servers.servers(time, failures);
        UsedServers before = made.used();
        List<Server> tried = new ArrayList<>(0);
        Server server = servers.choose(known, tried, before);
        while (server != null) {
            before.add(server);
            try {
                return traced(request, server, made, resent, time, failures);
            } catch (HttpCallException failure) {
                tried.add(server);
                server = servers.next(failure, tried, before);
                if (server == null) {
                    throw failure;
                }
            }
        }
        throw failures.of(Reason.UNKNOWN_HOST, "no address was found");
    }

    private Answer traced(
            OutgoingRequest request, Server server, CallAttempts made, int resent, CallTime time, CallFailures failures)
            throws InterruptedException {
        RequestContext context = made.context();
        Span span = trace.attempt(request, context, server.pool().address(), resent);
        try {
            Answer answer = call(trace.inside(span, request, context), server, time, failures);
            CallTrace.answered(span, answer.status());
            return answer;
        } catch (Throwable failure) {
            CallTrace.failed(span, failure);
            throw failure;
        }
    }

    private Answer call(OutgoingRequest request, Server server, CallTime time, CallFailures failures)
            throws InterruptedException {
        ServerVerdict verdict = ServerVerdict.UNKNOWN;
        SendTime sent = new SendTime(server.begin());
        try {
            Answer answer = call.make(request, server.pool(), sent, time, failures);
            verdict = isUnavailable(answer.status()) ? ServerVerdict.FAILED : ServerVerdict.HEALTHY;
            return answer;
        } catch (HttpCallException failure) {
            verdict = verdict(failure.reason());
            throw failure;
        } finally {
            server.ended(sent.at(), verdict);
        }
    }

    public static boolean isUnavailable(int status) {
        return status >= 502 && status <= 504;
    }

    public static ServerVerdict verdict(Reason reason) {
        return switch (reason) {
            case UNREACHABLE -> ServerVerdict.UNREACHABLE;
            case TLS, TIMED_OUT, CONNECTION_LOST, MALFORMED -> ServerVerdict.FAILED;
            case TOO_LARGE -> ServerVerdict.HEALTHY;
            case UNKNOWN_HOST, BUSY, DEADLINE_EXCEEDED, CLOSED -> ServerVerdict.UNKNOWN;
        };
    }

    public boolean hasOthers() {
        return servers.hasOthers();
    }

    public ClientCounts counts(long inFlight) {
        return servers.counts(inFlight);
    }

    public void close() {
        servers.close();
    }
}
