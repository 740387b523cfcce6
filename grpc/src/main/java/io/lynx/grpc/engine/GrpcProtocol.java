package io.lynx.grpc.engine;

import io.grpc.Status;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.transport.Head;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;
import io.lynx.transport.StreamHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** gRPC on a listener: it serves the requests whose content type is that of gRPC. Thread-safe. */
public final class GrpcProtocol implements StreamHandler {
    static final String CONTENT_TYPE = "application/grpc";

    private volatile RpcServer server;
    private volatile boolean isSuspended;

    /** Whether the listener has no other protocol, so that this one answers what is not gRPC. */
    private final boolean isAlone;

    /** A protocol. */
    public GrpcProtocol(RpcServer server, boolean isAlone) {
        this.server = server;
        this.isAlone = isAlone;
    }

    /** Serves by another start of the server from now on. */
    public void serve(RpcServer next) {
        server = next;
        isSuspended = false;
    }

    /** Answers calls with UNAVAILABLE, since the server is being restarted. */
    public void suspend() {
        isSuspended = true;
    }

    /** Whether the listener serves gRPC alone. */
    public boolean isAlone() {
        return isAlone;
    }

    @Override
    public boolean accepts(Head head) {
        return isAlone || isGrpc(head);
    }

    private static boolean isGrpc(Head head) {
        return isGrpc(head.header("content-type"));
    }

    /** Also {@code application/grpc+proto}, but not {@code application/grpc-web}. */
    static boolean isGrpc(@Nullable String type) {
        if (type == null || !type.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length())) {
            return false;
        }
        if (type.length() == CONTENT_TYPE.length()) {
            return true;
        }
        char next = type.charAt(CONTENT_TYPE.length());
        return next == '+' || next == ';';
    }

    @Override
    public void handle(Stream stream) {
        Head head = stream.head();
        if (head.defect() != null) {
            answer(stream, 400, List.of(), "malformed request");
        } else if (isAlone && !isGrpc(head)) {
            answer(stream, 415, List.of(), "this port serves gRPC alone: content-type application/grpc");
        } else if (head.protocol() != Protocol.HTTP_2) {
            answer(stream, 505, List.of(), "gRPC needs HTTP/2");
        } else if (!head.method().equals("POST")) {
            answer(stream, 405, List.of("allow", "POST"), "a call of gRPC is a POST");
        } else if (isSuspended) {
            server.rejected(RpcServer.PLUGIN_RESTARTING);
            unavailable(stream);
        } else {
            new GrpcCall(server, stream).start();
        }
    }

    private static void unavailable(Stream stream) {
        Status status = Status.UNAVAILABLE.withDescription(RpcServer.RESTARTING);
        List<String> fields = new ArrayList<>(List.of("content-type", CONTENT_TYPE));
        fields.addAll(MetadataText.trailers(status, ErrorDetails.retryTrailers(status, RpcServer.RESTART_TIME)));
        stream.answer(200, fields, -1, false);
        stream.end();
        stream.workDone();
    }

    private static void answer(Stream stream, int status, List<String> headers, String text) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        List<String> fields = new ArrayList<>(headers);
        fields.add("content-type");
        fields.add("text/plain; charset=utf-8");
        if (stream.head().method().equals("HEAD")) {
            stream.answer(status, fields, body.length, false);
            stream.end();
        } else {
            stream.answer(status, fields, -1, false);
            stream.end(body);
        }
        stream.workDone();
    }

    @Override
    public Duration checkInterval() {
        return StreamHandler.checkInterval(
                server.config().stallTimeout(), server.config().requestTimeout());
    }
}
