package io.lynx.transport.engine.outgoing;

import io.lynx.transport.OutgoingHead;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of calls and their answers in HTTP/2 (RFC 9113, 8.3). Stateless. */
final class Http2Fields {
    /** Fields whose values differ from call to call. */
    private static final Set<String> DIFFERING = Set.of(
            "content-length", "grpc-timeout", "idempotency-key", "traceparent", "x-request-id", "x-request-timeout");

    private Http2Fields() {}

    /**
     * Returns whether the values of a field differ from call to call. In the table of the connection (RFC 7541, 2.3.2) they would only take
     * the places of those that repeat, and the time of both ends.
     */
    static boolean differs(CharSequence name) {
        return DIFFERING.contains(name.toString());
    }

    /** Returns those of a call. */
    static Http2Headers of(OutgoingHead head) {
        Http2Headers fields = new DefaultHttp2Headers(false)
                .method(head.method())
                .scheme(head.scheme())
                .authority(head.authority())
                .path(head.target());
        List<String> headers = head.headers();
        for (int i = 0; i < headers.size(); i += 2) {
            fields.add(headers.get(i), headers.get(i + 1));
        }
        OutgoingHead.Body body = head.body();
        long length = body == null ? head.length() : body.bytes().length;
        if (body != null || length > 0) {
            fields.add("content-length", Long.toString(length));
        }
        return fields;
    }

    /** Returns the status that a text of three digits states; 0 for other texts. */
    static int status(@Nullable CharSequence text) {
        if (text == null || text.length() != 3) {
            return 0;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    /** Returns the headers of an answer: name, value, name, value… */
    static List<String> list(Http2Headers headers) {
        List<String> list = new ArrayList<>(2 * headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().length() > 0 && field.getKey().charAt(0) != ':') {
                list.add(field.getKey().toString());
                list.add(field.getValue().toString().trim());
            }
        }
        return list;
    }
}
