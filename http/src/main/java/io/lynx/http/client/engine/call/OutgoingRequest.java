package io.lynx.http.client.engine.call;

import io.lynx.time.Deadline;
import io.lynx.transport.OutgoingHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call to be made. Its names and values have been checked.
 *
 * @param template of the path, for metrics
 * @param target the path and the query
 * @param headers name in lower case, value, name, value…
 * @param isIdempotent whether it may be carried out twice
 * @param isStreamed whether the body of the answer is read while it arrives
 * @param tellsTime whether the header {@link #TIME}, if there is one, says what is left of the time of each attempt
 */
public record OutgoingRequest(
        String method,
        String template,
        String target,
        List<String> headers,
        @Nullable RequestBody body,
        boolean isIdempotent,
        boolean isStreamed,
        boolean tellsTime) {
    /** The header that tells how long the caller waits. */
    public static final String TIME = "x-request-timeout";

    OutgoingHead head(String scheme, String authority, Deadline end) {
        return new OutgoingHead(
                method,
                scheme,
                authority,
                target,
                tellsTime ? timed(end) : headers,
                body == null ? null : body.whole(),
                body == null ? 0 : body.length());
    }

    /** An attempt may have less time than the request on whose behalf it is made, and a later one has less than the first. */
    private List<String> timed(Deadline end) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(TIME)) {
                List<String> timed = new ArrayList<>(headers);
                String _ = timed.set(i + 1, end.remaining().toMillis() + "ms");
                return timed;
            }
        }
        return headers;
    }

    /** Returns whether it can be sent (again). */
    boolean isAvailable() {
        return body == null || body.isAvailable();
    }

    /** Returns whether two attempts may run at the same time. */
    public boolean isHedgeable() {
        return isIdempotent && !isStreamed && (body == null || body.isRepeatable());
    }

    /** Returns the method and the template, for messages. */
    public String subject() {
        return method + " " + template;
    }

    /** Returns the same call with other headers. */
    public OutgoingRequest withHeaders(List<String> others) {
        return new OutgoingRequest(method, template, target, others, body, isIdempotent, isStreamed, tellsTime);
    }

    /** Returns the same call to another target of the same server. */
    public OutgoingRequest redirected(
            String toMethod, String toTarget, List<String> toHeaders, @Nullable RequestBody toBody) {
        return new OutgoingRequest(
                toMethod, template, toTarget, toHeaders, toBody, isIdempotent, isStreamed, tellsTime);
    }
}
