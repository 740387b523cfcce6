package io.lynx.grpc.client.engine;

import io.grpc.Metadata;
import io.lynx.context.RequestContext;
import io.lynx.grpc.engine.wire.GrpcTimeout;
import io.lynx.grpc.engine.wire.MetadataText;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header fields of a call. Stateless. */
final class RequestFields {
    private static final String USER_AGENT = "user-agent";
    private static final String AGENT = "lynx-grpc-java";

    /** The header by which HTTP tells how long its caller waits; gRPC has its own. */
    private static final String HTTP_TIME = "x-request-timeout";

    private RequestFields() {}

    /**
     * Returns the fields: name in lower case, value, name, value…
     *
     * @param encoding of the messages; null for none
     * @param end when the call must be over; null if nothing limits it
     * @param context what the call carries on; null for nothing
     */
    static List<String> of(
            Metadata metadata,
            RpcRules rules,
            @Nullable String encoding,
            @Nullable Deadline end,
            @Nullable RequestContext context) {
        List<String> fields = new ArrayList<>(24);
        add(fields, "content-type", "application/grpc");
        add(fields, "te", "trailers");
        if (end != null) {
            add(fields, GrpcTimeout.HEADER, GrpcTimeout.text(end.remainingNanos()));
        }
        if (encoding != null) {
            add(fields, "grpc-encoding", encoding);
        }
        add(fields, "grpc-accept-encoding", RpcCoding.ACCEPTED);
        MetadataText.write(metadata, fields);
        if (AnswerStatus.field(fields, USER_AGENT) == null) {
            add(fields, USER_AGENT, AGENT);
        }
        List<String> defaults = rules.headers();
        for (int i = 0; i < defaults.size(); i += 2) {
            addMissing(fields, defaults.get(i), defaults.get(i + 1));
        }
        if (context != null) {
            context.propagate((name, value) -> {
                if (!name.equals(HTTP_TIME)) {
                    addMissing(fields, name, value);
                }
            });
        }
        return fields;
    }

    private static void addMissing(List<String> fields, String name, String value) {
        if (AnswerStatus.field(fields, name) == null) {
            add(fields, name, value);
        }
    }

    private static void add(List<String> fields, String name, String value) {
        fields.add(name);
        fields.add(value);
    }
}
