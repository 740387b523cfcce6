package io.lynx.http.client.engine;

import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.http.client.engine.balance.CallAttempts;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.http.client.engine.balance.ServerCalls;
import io.lynx.http.client.engine.call.Answer;
import io.lynx.http.client.engine.call.Decompression;
import io.lynx.http.client.engine.call.OutgoingRequest;
import io.lynx.http.client.engine.call.Redirects;
import io.lynx.http.client.engine.pool.CallFailures;
import io.lynx.http.client.engine.pool.CallTime;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.pool.TimeLimitKind;
import io.lynx.http.client.engine.telemetry.CallMetrics;
import io.lynx.http.client.engine.telemetry.CallTrace;
import io.lynx.http.client.engine.telemetry.ClientCounts;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.plugin.InFlight;
import io.lynx.time.Deadline;
import io.lynx.transport.Connector;
import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Makes the calls of one client. Thread-safe. */
public final class ClientEngine {
    private final ClientLimits limits;
    private final CallRules rules;
    private final ClientTarget target;
    private final ServerCalls servers;
    private final CallTrace trace;
    private final CallPolicies policies;
    private final CallMetrics metrics;
    private final ClientRuntime runtime;
    private final Connector connector;
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** A client that has not opened a connection. */
    public ClientEngine(
            ClientLimits limits,
            CallRules rules,
            ClientTarget target,
            CallPolicies policies,
            CallMetrics metrics,
            ClientRuntime runtime,
            Connector connector) {
        this.limits = limits;
        this.rules = rules;
        this.target = target;
        this.policies = policies;
        this.metrics = metrics;
        this.runtime = runtime;
        this.connector = connector;
        this.trace = new CallTrace(runtime.tracing(), limits.name(), target);
        this.servers = new ServerCalls(limits, target, connector, runtime, trace);
    }

    /**
     * Makes a call and waits for its answer: for the whole of it, or for its head if it is streamed.
     *
     * @param timeout for this call; null for the one of the client
     * @param deadline of this call; null for none
     * @param context the request on whose behalf the call is made: its deadline and its cancellation end the call
     * @throws IllegalStateException on an event loop, which must not wait
     */
    public Answer call(
            OutgoingRequest request, @Nullable Duration timeout, @Nullable Deadline deadline, RequestContext context) {
        if (connector.isEventLoop()) {
            throw new IllegalStateException(limits.name() + ": " + request.subject()
                    + ": called on an event loop, which must not wait; call it in a handler that is not nonBlocking");
        }
        CallFailures failures = new CallFailures(limits, request.subject());
        inFlight.begin();
        boolean isStreaming = false;
        long begun = runtime.ticker().nanos();
        try {
            if (isClosed.get()) {
                throw failures.closed();
            }
            CallTime time = CallTime.of(
                    timeout == null ? rules.timeout() : timeout,
                    earliest(deadline, context.deadline().orElse(null)),
                    runtime.ticker(),
                    runtime.scheduler());
            Answer answer = answer(request, time, failures, context);
            metrics.answered(request, answer.status(), runtime.ticker().nanos() - begun);
            isStreaming = request.isStreamed();
            return isStreaming ? counted(answer) : answer;
        } catch (RuntimeException | Error failure) {
            metrics.failed(request, failure, runtime.ticker().nanos() - begun);
            throw failure;
        } finally {
            if (!isStreaming) {
                inFlight.end();
            }
        }
    }

    private static @Nullable Deadline earliest(@Nullable Deadline one, @Nullable Deadline other) {
        return one == null ? other : other == null ? one : one.earliest(other);
    }

    private Answer answer(OutgoingRequest request, CallTime time, CallFailures failures, RequestContext context) {
        try {
            OutgoingRequest next = request;
            CallAttempts made = new CallAttempts(context);
            Answer answer = attempts(next, made, time, failures);
            for (int redirects = 0; redirects < rules.maxRedirects(); redirects++) {
                next = Redirects.next(next, answer, target.scheme(), target.authority());
                if (next == null) {
                    break;
                }
                answer.discard();
                answer = attempts(next, made, time, failures);
            }
            return rules.decompresses() ? Decompression.of(answer, request.isStreamed(), limits, failures) : answer;
        } catch (InterruptedException interrupted) {
            throw failures.interrupted();
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Answer attempts(OutgoingRequest request, CallAttempts made, CallTime time, CallFailures failures)
            throws Exception {
        Callable<Answer> attempt = () -> {
            int resent = made.begin();
            if (time.end().isExpired()) {
                throw failures.timedOut(time);
            }
            Optional<Duration> limit = rules.attemptTimeout();
            CallTime allowed = limit.isEmpty() ? time : time.atMost(limit.get(), TimeLimitKind.ATTEMPT);
            // The deadline passes when the request is cancelled; the thread that waits examines it then.
            Thread waiting = Thread.currentThread();
            try (Registration _ = made.context().onCancel(() -> LockSupport.unpark(waiting))) {
                return made.keep(servers.call(request, made, resent, allowed, failures));
            }
        };
        boolean isAnswered = false;
        try {
            Answer answer = policies.call(request, time.end(), attempt, servers::hasOthers);
            isAnswered = true;
            return answer;
        } finally {
            if (!isAnswered) {
                // A policy may have rejected another attempt after an answer that said that the server has failed.
                made.discard();
            }
        }
    }

    /** A streamed answer is in flight until its stream is closed. */
    private Answer counted(Answer answer) {
        AtomicBoolean isEnded = new AtomicBoolean();
        return answer.with(answer.headers(), answer.body(), new FilterInputStream(answer.stream()) {
            @Override
            public void close() throws IOException {
                super.close();
                if (isEnded.compareAndSet(false, true)) {
                    inFlight.end();
                }
            }
        });
    }

    /** Returns what begins and ends the spans of its calls. */
    public CallTrace trace() {
        return trace;
    }

    /** Returns the clock by which dates in answers are understood. */
    public InstantSource clock() {
        return runtime.clock();
    }

    /** Returns what is in use now. */
    public ClientCounts counts() {
        return servers.counts(inFlight.current());
    }

    /** Refuses further calls, waits for those in flight, and ends those that are left at the deadline. Idempotent. */
    public void close(Deadline deadline) throws InterruptedException {
        isClosed.set(true);
        try {
            boolean _ = inFlight.awaitNone(deadline);
        } finally {
            servers.close();
            connector.close();
        }
    }

    /** Ends all calls. Idempotent. */
    public void close() {
        isClosed.set(true);
        servers.close();
        connector.close();
    }
}
