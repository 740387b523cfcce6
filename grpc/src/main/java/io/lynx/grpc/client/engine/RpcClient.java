package io.lynx.grpc.client.engine;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.lynx.extension.UserCode;
import io.lynx.http.client.service.ServiceConnections;
import io.lynx.plugin.InFlight;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.time.Deadline;
import io.lynx.transport.LogLimit;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the calls of one client. Thread-safe. */
public final class RpcClient {
    /** Whether a call may be made twice, beside what its method says. */
    public static final CallOptions.Key<Boolean> IDEMPOTENT =
            CallOptions.Key.createWithDefault("io.lynx.grpc.client.idempotent", false);

    private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);
    private static final String METHOD = "POST";

    private final RpcRules rules;
    private final ServiceConnections service;
    private final RpcTrace trace;
    private final Consumer<Throwable> errors;
    private final LogLimit repeats;
    private final @Nullable Retry retry;
    private final @Nullable Supplier<CircuitBreaker> breaker;
    private final @Nullable RateLimiter rateLimiter;
    private final @Nullable Bulkhead bulkhead;
    private final InFlight inFlight = new InFlight();
    /** The threads that report to listeners: the plugin must not stop, and end them, while the last of a call is being reported. */
    private final InFlight reporting = new InFlight();

    private final Set<OutgoingRpc<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /**
     * A client that has not opened a connection.
     *
     * @param errors receives what callbacks of calls and their executors throw
     */
    public RpcClient(RpcRules rules, ServiceConnections service, Consumer<Throwable> errors) {
        this.rules = rules;
        this.service = service;
        this.errors = errors;
        this.trace = new RpcTrace(rules.name(), service);
        this.repeats = new LogLimit(service.ticker());
        this.retry = service.retry(RpcFailure::isRetryable);
        this.breaker = service.breaker(_ -> {});
        this.rateLimiter = service.rateLimiter();
        this.bulkhead = service.bulkhead();
        service.show(inFlight::current, retry);
    }

    /** Returns a call that is not started. */
    public <Q, R> ClientCall<Q, R> call(MethodDescriptor<Q, R> method, CallOptions options) {
        return new OutgoingRpc<>(this, method, options);
    }

    /** Returns the host and port as the servers know them. */
    public String authority() {
        return service.authority();
    }

    RpcRules rules() {
        return rules;
    }

    ServiceConnections service() {
        return service;
    }

    RpcTrace trace() {
        return trace;
    }

    @Nullable
    Retry retry() {
        return retry;
    }

    @Nullable
    Supplier<CircuitBreaker> breaker() {
        return breaker;
    }

    /** Returns whether {@link #admit} may block. */
    boolean mayWait() {
        return rateLimiter != null || bulkhead != null;
    }

    /** Passes the rate limit and the bulkhead, waiting for them; returns what is closed when the attempt has ended. */
    Bulkhead.@Nullable Slot admit() throws InterruptedException {
        if (rateLimiter != null) {
            rateLimiter.acquire();
        }
        return bulkhead == null ? null : bulkhead.acquire();
    }

    /** Returns what runs the callbacks of a call: a virtual thread for each burst of them, unless its options name an executor. */
    Executor executor(CallOptions options) {
        Executor own = options.getExecutor();
        if (own == null) {
            return this::report;
        }
        return task -> {
            try {
                own.execute(task);
            } catch (RejectedExecutionException closed) {
                // The end of the call is reported all the same.
                report(task);
            } catch (Throwable failure) {
                UserCode.rethrowIfFatal(failure);
                boolean _ = UserCode.run(() -> errors.accept(failure), _ -> {});
                report(task);
            }
        };
    }

    private void report(Runnable task) {
        reporting.begin();
        try {
            onThread(() -> {
                try {
                    task.run();
                } finally {
                    reporting.end();
                }
            });
        } catch (RejectedExecutionException | IllegalStateException stopped) {
            // The plugin has stopped: nothing of it runs any more.
            reporting.end();
        }
    }

    private void onThread(Runnable task) {
        service.threads().newThread(task).start();
    }

    /** Obtains the metadata of the credentials of a call. */
    void authorize(
            MethodDescriptor<?, ?> method,
            CallOptions options,
            String authority,
            Consumer<@Nullable Metadata> then,
            Consumer<Status> refused) {
        CallCredentials own = options.getCredentials();
        CallCredentials credentials = own == null ? rules.credentials() : own;
        if (credentials == null) {
            then.accept(null);
            return;
        }
        boolean isEncrypted = service.scheme().equals("https");
        CallerCredentials.apply(
                credentials,
                new CallerCredentials.Call(method, options, authority, isEncrypted),
                this::onThread,
                metadata -> then.accept(metadata),
                refused);
    }

    /** A call begins; returns false if the client is closed. */
    boolean begin(OutgoingRpc<?, ?> call) {
        inFlight.begin();
        open.add(call);
        return !isClosed;
    }

    /**
     * A call has ended that had begun.
     *
     * @param reason why there is no answer; null if there is one
     */
    void ended(OutgoingRpc<?, ?> call, Status status, @Nullable String reason, long nanos) {
        service.ended(
                METHOD, call.method().getFullMethodName(), status.getCode().name(), nanos);
        if (reason != null) {
            service.unanswered(reason);
        }
    }

    /** The end of a call is being reported to its listener: the call is not in flight any more. */
    void reported(OutgoingRpc<?, ?> call) {
        open.remove(call);
        inFlight.end();
    }

    /** A callback of a call has thrown. */
    void callbackFailed(MethodDescriptor<?, ?> method, Throwable failure) {
        boolean _ = UserCode.run(() -> errors.accept(failure), _ -> {});
        long suppressed = repeats.acquire(method.getFullMethodName());
        if (suppressed >= 0) {
            LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .addKeyValue("client", rules.name())
                    .addKeyValue("method", method.getFullMethodName())
                    .addKeyValue("suppressed", suppressed)
                    .log("Callback of a call failed; the call is cancelled");
        }
    }

    /**
     * Refuses further calls and waits for those in flight. Streaming calls have half of the time; what is left at the deadline ends with
     * {@code UNAVAILABLE}. Idempotent.
     */
    public void close(Deadline deadline) throws InterruptedException {
        isClosed = true;
        Deadline half = deadline.atMost(Duration.ofNanos(Math.max(0, deadline.remainingNanos() / 2)));
        try {
            if (!inFlight.awaitNone(half)) {
                open.stream().filter(OutgoingRpc::isLasting).forEach(OutgoingRpc::abandon);
                boolean _ = inFlight.awaitNone(deadline);
            }
            open.forEach(OutgoingRpc::abandon);
            boolean _ = reporting.awaitNone(deadline);
        } finally {
            close();
        }
    }

    /** Ends all calls and closes the connections. Idempotent. */
    public void close() {
        isClosed = true;
        open.forEach(OutgoingRpc::abandon);
        service.close();
    }
}
