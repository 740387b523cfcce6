package io.lynx.grpc.engine;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.lynx.context.RequestScope;
import io.lynx.extension.UserCode;
import io.lynx.grpc.engine.wire.InboundMessage;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.transport.Head;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamEnd;
import io.lynx.transport.StreamListener;
import org.jspecify.annotations.Nullable;

/**
 * Moves one call from its head to its end, on the event loop: it finds the method, starts the reading of messages and the callbacks,
 * and enforces the time limits. {@link OpenCall} is what the service sees of it, and {@link CallEnding} decides how it ends. What does
 * not say otherwise belongs to the event loop.
 */
final class GrpcCall implements StreamListener {
    private final RpcServer server;
    private final Stream stream;
    private final CallTimeLimit time;
    private final RequestScope scope;
    private final MessageWriter writer;
    private final CallRecord record;
    private final CallEnding ending;

    private @Nullable MessageReader reader;
    private volatile @Nullable LastingCall lasting;
    private boolean hasEnded;
    private boolean isNamed;

    GrpcCall(RpcServer server, Stream stream) {
        this.server = server;
        this.stream = stream;
        this.time = new CallTimeLimit(server, stream);
        this.scope = RequestScope.of(new CallSource(server, stream, time));
        this.writer = new MessageWriter(this, stream);
        this.record = new CallRecord(server, stream, scope, writer);
        this.ending = new CallEnding(server, stream, scope, writer, record, time);
    }

    /** The head has been read. */
    void start() {
        stream.listen(this);
        try {
            Status refusal = begin(stream.head());
            if (refusal != null) {
                refuse(refusal);
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            server.failures().broken(ending.method(), scope, failure);
            refuse(Status.INTERNAL.withDescription("internal error"));
        }
    }

    /** Begins the call; returns why it is refused, or null. */
    private @Nullable Status begin(Head head) {
        ServedMethod found = server.accept(head.target());
        ending.found(found);
        record.begin(found);
        if (found == null) {
            return unknown(head.target());
        }
        if (!found.isProbe() && server.isOverLimit()) {
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
            return Status.UNIMPLEMENTED.withDescription(
                    "grpc-encoding: it is not supported; " + MessageCoding.acceptedEncodings() + " is");
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
        open(found, found.definition(), metadata, decompressor);
        return null;
    }

    private Status unknown(String path) {
        if (server.hasRestarted(path)) {
            server.rejected(RpcServer.PLUGIN_RESTARTING);
            return Status.UNAVAILABLE.withDescription(RpcServer.RESTARTING);
        }
        return Status.UNIMPLEMENTED.withDescription(server.hasService(path) ? "unknown method" : "unknown service");
    }

    private <Q, R> void open(
            ServedMethod found,
            ServerMethodDefinition<Q, R> definition,
            Metadata metadata,
            @Nullable Decompressor decompressor) {
        long maxMessageSize = server.config().maxMessageSize().bytes();
        MessageCoding coding = new MessageCoding(decompressor, stream.head()::header, maxMessageSize, server.memory());
        if (server.config().compression()) {
            coding.compressBy("gzip");
        }
        Context.CancellableContext cancellation = time.context();
        Context context = cancellation;
        LastingCall notified = found.isLasting() ? new LastingCall(ending, this::dispatchAction) : null;
        if (notified != null) {
            lasting = notified;
            context = cancellation.withValue(LastingCall.KEY, notified);
        }
        CallDelivery<Q, R> made =
                new CallDelivery<>(this, ending, definition, metadata, coding, writer, cancellation, context);
        ending.opened(made);
        MessageReader incoming =
                new MessageReader(made, ending, stream, server.memory(), maxMessageSize, coding.hasDecompressor());
        reader = incoming;
        stream.read(incoming);
        if (notified != null) {
            begin(notified, found.accepted());
        }
        made.start();
    }

    private void begin(LastingCall call, @Nullable AcceptedCalls accepted) {
        if (accepted != null) {
            accepted.beginLasting(call);
        }
        if (!stream.longLived(call)) {
            server.rejected(RpcServer.MAX_LONG_LIVED);
            ending.end(Status.RESOURCE_EXHAUSTED.withDescription("too many streaming calls at a time"), new Metadata());
        }
    }

    private void refuse(Status status) {
        if (ending.delivery() != null) {
            ending.end(status, new Metadata());
        } else {
            ending.finish(status, new Metadata(), true);
            workDone();
        }
    }

    private void dispatchAction(Runnable action) {
        dispatch(() -> bound(() -> {
            boolean _ = UserCode.run(
                    action::run, failure -> server.failures().drainFailed(ending.method(), scope, failure));
        }));
    }

    // What arrives and what is sent.

    /** A message has been decoded or dropped. Any thread. */
    void taken(InboundMessage message) {
        MessageReader incoming = reader;
        if (incoming != null) {
            incoming.taken(message);
        }
    }

    /** The client takes what is sent, again. */
    void becameReady() {
        CallDelivery<?, ?> delivery = ending.delivery();
        if (delivery != null) {
            delivery.becameReady();
        }
    }

    // How it ends.

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
                    case CUT_OFF, DRAINED -> Status.UNAVAILABLE.withDescription(CallEnding.SHUTTING_DOWN);
                };
        if (cut != null) {
            ending.cutOff(cut);
        }
        record.ended(ending.method(), cut, time, incoming == null ? 0 : incoming.received());
    }

    /** Nothing runs for the call any more. Any thread; called once. */
    void workDone() {
        ServedMethod served = ending.method();
        AcceptedCalls accepted = served == null ? null : served.accepted();
        if (accepted != null) {
            accepted.end(lasting);
        }
        scope.end();
        stream.workDone();
    }

    // Time.

    @Override
    public void check(long now) {
        CallDelivery<?, ?> delivery = ending.delivery();
        if (delivery == null) {
            return;
        }
        ServedMethod served = ending.method();
        AcceptedCalls accepted = served == null ? null : served.accepted();
        if (hasEnded) {
            if (delivery.isBusy() && !isNamed && record.isLate(now)) {
                isNamed = true;
                server.failures().unfinished(served, scope, delivery.stack());
            }
        } else if (writer.isStalled(now, server.stallTimeout())) {
            server.timedOut(RpcServer.RESPONSE);
            ending.cutOff(Status.CANCELLED.withDescription("the client does not read the answer"));
            stream.abort();
        } else if (!record.isDecided() && time.isOver(now)) {
            ending.end(deadlineExceeded(), new Metadata());
            if (delivery.isBusy()) {
                isNamed = true;
                server.failures().overdue(served, scope, delivery.stack());
            }
        } else if (!record.isDecided() && accepted != null && accepted.areRefused()) {
            ending.restarting();
        }
    }

    private Status deadlineExceeded() {
        server.timedOut(RpcServer.REQUEST);
        server.metrics().deadlineExceeded(ending.method());
        return Status.DEADLINE_EXCEEDED.withDescription("the deadline of the call has passed");
    }

    @Override
    public void interrupt() {
        CallDelivery<?, ?> delivery = ending.delivery();
        if (delivery != null) {
            delivery.interrupt();
        }
    }

    // What the service sees. Any thread.

    /** Runs a burst of callbacks on a virtual thread. */
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
        return CallAttributes.of(stream);
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
        ServedMethod served = ending.method();
        return served == null ? null : served.name();
    }
}
