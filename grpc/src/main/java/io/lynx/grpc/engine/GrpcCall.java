package io.lynx.grpc.engine;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Decompressor;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.lynx.context.ContextSource;
import io.lynx.context.RequestScope;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.transport.DrainListener;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves one call from its head to its end, on the event loop: it finds the method, starts the reading of messages and the callbacks,
 * and enforces the time limits. {@link OpenCall} is what the service sees of it. What does not say otherwise belongs to the event
 * loop.
 */
final class GrpcCall implements StreamListener, ContextSource, DrainListener {
    private static final String SHUTTING_DOWN = "the server is shutting down";

    private final RpcServer server;
    private final Stream stream;
    private final RequestScope scope;
    private final MessageWriter writer;
    private final CallRecord record;
    private final CallTimeLimit time;

    private @Nullable ServedMethod method;
    private @Nullable MessageReader reader;
    private @Nullable LastingCall lasting;
    private volatile @Nullable OpenCall<?, ?> open;
    private volatile boolean hasEnded;
    private boolean isNamed;

    GrpcCall(RpcServer server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.scope = RequestScope.of(this);
        this.writer = new MessageWriter(this, stream);
        this.record = new CallRecord(server, stream, scope, writer);
        this.time = new CallTimeLimit(server, stream);
    }

    /** The head has been read. */
    void start() {
        stream.listen(this);
        try {
            Status refusal = begin(stream.head());
            if (refusal != null) {
                refuse(refusal, new Metadata());
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            server.failures().broken(method, scope, failure);
            refuse(Status.INTERNAL.withDescription("internal error"), new Metadata());
        }
    }

    /** Begins the call; returns why it is refused, or null. */
    private @Nullable Status begin(Head head) throws Exception {
        ServedMethod found = server.accept(head.target());
        method = found;
        record.begin(found);
        if (found == null) {
            return unknown(head.target());
        }
        if (server.isOverLimit() && !found.isProbe()) {
            server.rejected(RpcServer.MAX_IN_FLIGHT);
            return Status.RESOURCE_EXHAUSTED.withDescription("too many calls at a time");
        }
        Status malformed = time.begin(found);
        if (malformed != null) {
            return malformed;
        }
        String encoding = head.header(MessageCoding.ENCODING);
        Decompressor decompressor = encoding == null ? null : MessageCoding.decompressor(encoding);
        if (encoding != null && decompressor == null) {
            record.advertise(MessageCoding.acceptedEncodings());
            return Status.UNIMPLEMENTED.withDescription("grpc-encoding: it is not supported; "
                    + MessageCoding.acceptedEncodings() + " are");
        }
        Metadata metadata;
        try {
            metadata = MetadataText.of(head);
        } catch (MetadataText.MalformedException notBase64) {
            server.rejected(RpcServer.MALFORMED);
            return Status.INTERNAL.withDescription(notBase64.getMessage());
        }
        if (time.isOver(server.now())) {
            return deadlineExceeded();
        }
        open(found, found.definition(), metadata, decompressor, encoding);
        return null;
    }

    private Status unknown(String path) {
        if (server.isAbsent(path)) {
            server.rejected(RpcServer.PLUGIN_RESTARTING);
            return Status.UNAVAILABLE.withDescription(RpcServer.RESTARTING);
        }
        return Status.UNIMPLEMENTED.withDescription(server.hasService(path) ? "unknown method" : "unknown service");
    }

    private <Q, R> void open(
            ServedMethod found,
            ServerMethodDefinition<Q, R> definition,
            Metadata metadata,
            @Nullable Decompressor decompressor,
            @Nullable String encoding) {
        long maxMessageSize = server.config().maxMessageSize().bytes();
        MessageCoding coding =
                new MessageCoding(decompressor, stream.head().header(MessageCoding.ACCEPT_ENCODING), maxMessageSize);
        if (server.config().compression()) {
            coding.compressBy("gzip");
        }
        Context.CancellableContext cancellation = time.context();
        Context context = cancellation;
        if (found.isLasting()) {
            LastingCall notified = new LastingCall(this::dispatchAction);
            lasting = notified;
            context = cancellation.withValue(LastingCall.KEY, notified);
        }
        OpenCall<Q, R> made = new OpenCall<>(this, definition, metadata, coding, writer, cancellation, context);
        open = made;
        boolean hasPlace = !found.isLasting() || stream.longLived(this);
        MessageReader incoming = new MessageReader(
                this, stream, server.memory(), maxMessageSize, encoding != null && !encoding.equals("identity"));
        reader = incoming;
        stream.read(incoming);
        if (!hasPlace) {
            server.rejected(RpcServer.MAX_LONG_LIVED);
            end(Status.RESOURCE_EXHAUSTED.withDescription("too many streaming calls at a time"), new Metadata());
        }
        AcceptedCalls accepted = found.accepted();
        if (accepted != null && found.isLasting()) {
            accepted.beginLasting(this);
        }
        made.start();
    }

    /** Answers a call that no service sees. */
    private void refuse(Status status, Metadata trailers) {
        if (open != null) {
            end(status, trailers);
            return;
        }
        finish(status, trailers, true);
        workDone();
    }

    private void dispatchAction(Runnable action) {
        stream.onEventLoop(() -> stream.dispatch(() -> bound(() -> {
            boolean _ = UserCode.run(action::run, failure -> server.failures().drainFailed(method, scope, failure));
        })));
    }

    // What arrives.

    /** A message has arrived. */
    void received(InboundMessage message) {
        OpenCall<?, ?> running = open;
        if (running != null) {
            running.arrived(message);
        }
    }

    /** The client sends no more messages. */
    void halfClosed() {
        OpenCall<?, ?> running = open;
        if (running != null) {
            running.arrived(null);
        }
    }

    /** A message has been decoded or dropped. Any thread. */
    void taken(InboundMessage message) {
        MessageReader incoming = reader;
        if (incoming != null) {
            incoming.taken(message);
        }
    }

    /** The client takes what is sent, again. */
    void becameReady() {
        OpenCall<?, ?> running = open;
        if (running != null) {
            running.becameReady();
        }
    }

    // How it ends. Any thread.

    /** What the client sends cannot be read. */
    void malformed(Status status) {
        server.rejected(status.getCode() == Status.Code.RESOURCE_EXHAUSTED ? RpcServer.MAX_MESSAGE_SIZE : RpcServer.MALFORMED);
        end(status, new Metadata());
    }

    /** The service has closed the call. */
    void closed(Status status, Metadata trailers) {
        Throwable cause = status.getCause();
        if (status.getCode() == Status.Code.UNKNOWN && cause != null) {
            FailureStatus failure = server.statusOf(cause, time.isOver(server.now()));
            answer(cause, failure.status(), failure.trailers());
        } else if (FailureStatus.isFault(status) && !CallAuthentication.UNJUDGED.equals(cause)) {
            answer(cause == null ? status.asRuntimeException() : cause, status, trailers);
        } else {
            finish(status, trailers, false);
        }
    }

    /** The client gets its answer first; then the failure is recorded and logged. */
    private void answer(Throwable failure, Status status, Metadata trailers) {
        boolean isFault = FailureStatus.isFault(status);
        if (isFault) {
            record.failed(failure);
        }
        finish(status, trailers, false);
        if (isFault) {
            server.failures().failed(method, scope, failure, status);
        }
    }

    /** The service has broken the protocol. */
    void serviceFailed(Status status) {
        endByFailure(status.asRuntimeException(), status, new Metadata());
    }

    /** A callback of the service, or an interceptor, has thrown. */
    void callbackFailed(Throwable failure, boolean isOver) {
        OpenCall<?, ?> running = open;
        FailureStatus answer = server.statusOf(failure, time.isOver(server.now()));
        if (isOver) {
            server.failures().callbackFailed(method, scope, failure);
        } else if (running != null && running.isCancelled()) {
            // Nobody waits for the answer any more, and a service that notices that ends in one exception or another.
            return;
        } else if (FailureStatus.isFault(answer.status())) {
            endByFailure(failure, answer.status(), answer.trailers());
        } else {
            end(answer.status(), answer.trailers());
        }
    }

    private void endByFailure(Throwable failure, Status status, Metadata trailers) {
        record.failed(failure);
        end(status, trailers);
        server.failures().failed(method, scope, failure, status);
    }

    /** So much waits for the client that the call must end. */
    void overwhelmed() {
        end(
                Status.RESOURCE_EXHAUSTED.withDescription("the client does not read what the service sends"),
                new Metadata());
        stream.abort();
    }

    /** Ends the call for its service and its client. */
    private void end(Status status, Metadata trailers) {
        OpenCall<?, ?> running = open;
        if (running != null && running.cancel(status)) {
            finish(status, trailers, true);
            scope.cancel();
        }
    }

    private void finish(Status status, Metadata trailers, boolean isCut) {
        record.decided(status);
        List<String> fields = MetadataText.trailers(status, trailers);
        record.addAdvertised(fields);
        writer.close(fields, isCut);
    }

    /** The plugin of its service stops. */
    void endForRestart() {
        Status status = Status.UNAVAILABLE.withDescription(RpcServer.RESTARTING);
        end(status, ErrorDetails.retryTrailers(status, RpcServer.RESTART_TIME));
    }

    @Override
    public void ended(StreamEnd end) {
        hasEnded = true;
        MessageReader incoming = reader;
        if (incoming != null) {
            incoming.stop();
        }
        writer.end();
        Status cut =
                switch (end) {
                    case ANSWERED -> null;
                    case CLIENT_GONE -> Status.CANCELLED.withDescription("the client has cancelled the call");
                    case ABORTED -> Status.CANCELLED.withDescription("the call was cut off");
                    case MALFORMED -> Status.INTERNAL.withDescription("the request cannot be read");
                    case CUT_OFF, DRAINED -> Status.UNAVAILABLE.withDescription(SHUTTING_DOWN);
                };
        OpenCall<?, ?> running = open;
        if (cut != null && running != null && running.cancel(cut)) {
            scope.cancel();
        }
        record.ended(method, cut, time, incoming == null ? 0 : incoming.received());
    }

    /** Nothing runs for the call any more. Any thread; called once. */
    void workDone() {
        ServedMethod served = method;
        AcceptedCalls accepted = served == null ? null : served.accepted();
        if (accepted != null) {
            accepted.end(this);
        }
        scope.end();
        stream.workDone();
    }

    // Time.

    @Override
    public void check(long now) {
        OpenCall<?, ?> running = open;
        if (hasEnded || running == null) {
            checkService(now, running);
            return;
        }
        ServedMethod served = method;
        AcceptedCalls accepted = served == null ? null : served.accepted();
        if (writer.isStalled(now, server.stallTimeout())) {
            server.timedOut(RpcServer.RESPONSE);
            boolean _ = running.cancel(Status.CANCELLED.withDescription("the client does not read the answer"));
            scope.cancel();
            stream.abort();
        } else if (!record.isDecided() && time.isOver(now)) {
            end(deadlineExceeded(), new Metadata());
            if (running.isBusy()) {
                isNamed = true;
                server.failures().overdue(method, scope, running.stack());
            }
        } else if (!record.isDecided() && accepted != null && accepted.areRefused()) {
            endForRestart();
        }
    }

    private Status deadlineExceeded() {
        server.timedOut(RpcServer.REQUEST);
        server.metrics().deadlineExceeded(method);
        return Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call has passed");
    }

    /** A callback that still runs although the call has ended. */
    private void checkService(long now, @Nullable OpenCall<?, ?> running) {
        if (running != null && running.isBusy() && !isNamed && record.isLate(now)) {
            isNamed = true;
            server.failures().unfinished(method, scope, running.stack());
        }
    }

    @Override
    public void interrupt() {
        OpenCall<?, ?> running = open;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void draining(Deadline deadline) {
        notifyOfDrain(deadline);
    }

    /** The server, or the plugin, stops soon. Any thread. */
    void notifyOfDrain(Deadline deadline) {
        LastingCall notified = lasting;
        if (notified != null) {
            notified.draining(deadline);
        }
    }

    @Override
    public void goodbye() {
        end(Status.UNAVAILABLE.withDescription(SHUTTING_DOWN), new Metadata());
    }

    // What the service sees. Any thread.

    /** Runs a callback burst on a virtual thread. */
    void dispatch(Runnable run) {
        stream.onEventLoop(() -> stream.dispatch(run));
    }

    /** Runs {@code task} in the context of the call. */
    void bound(Runnable task) {
        if (server.bindsContext()) {
            scope.run(task);
        } else {
            task.run();
        }
    }

    boolean isSecure() {
        return stream.head().isSecure();
    }

    Attributes attributes() {
        return Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, resolved(stream.peer()))
                .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, resolved(stream.local()))
                .set(RpcServer.STREAM, stream)
                .build();
    }

    /** The transport leaves the literals of addresses as they are. */
    private static SocketAddress resolved(InetSocketAddress address) {
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(address.getHostString()), address.getPort());
        } catch (IllegalArgumentException noLiteral) {
            return address;
        }
    }

    @Nullable
    String authority() {
        return stream.head().authority();
    }

    long now() {
        return server.now();
    }

    @Override
    public @Nullable String routePattern() {
        ServedMethod served = method;
        return served == null ? null : served.name();
    }

    // The source of its context.

    @Override
    public List<String> headers(String name) {
        return stream.head().headers(name);
    }

    @Override
    public String newRequestId() {
        return server.newRequestId();
    }

    @Override
    public Optional<Deadline> answerBy() {
        return time.deadline();
    }

    @Override
    public void ignored(String header) {
        server.metrics().ignored(header);
    }
}
