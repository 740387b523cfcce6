package io.lynx.http.engine.files;

import io.lynx.http.Request;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The conditions of a request for a file, evaluated in the order of RFC 9110, 13.2.2. */
final class Preconditions {
    /** What the conditions lead to. */
    enum Outcome {
        /** The file is sent. */
        SEND,
        /** 304: the client has it. */
        NOT_MODIFIED,
        /** 412: the client wants another one. */
        FAILED
    }

    private Preconditions() {}

    static Outcome evaluate(Request request, String etag, @Nullable Instant lastModified) {
        List<String> ifMatch = request.headers("if-match");
        if (!ifMatch.isEmpty()) {
            if (!matches(ifMatch, etag, false)) {
                return Outcome.FAILED;
            }
        } else {
            Instant since = HttpTime.parse(single(request, "if-unmodified-since"));
            if (since != null && lastModified != null && lastModified.isAfter(since)) {
                return Outcome.FAILED;
            }
        }
        List<String> ifNoneMatch = request.headers("if-none-match");
        if (!ifNoneMatch.isEmpty()) {
            return matches(ifNoneMatch, etag, true) ? Outcome.NOT_MODIFIED : Outcome.SEND;
        }
        Instant since = HttpTime.parse(single(request, "if-modified-since"));
        boolean isOld = since != null && lastModified != null && !lastModified.isAfter(since);
        return isOld ? Outcome.NOT_MODIFIED : Outcome.SEND;
    }

    /** Whether a range may be sent: the client has other parts of this very file, or sets no condition. */
    static boolean allowsRange(Request request, String etag, @Nullable Instant lastModified) {
        List<String> ifRange = request.headers("if-range");
        if (ifRange.isEmpty()) {
            return true;
        }
        String condition = ifRange.getFirst().trim();
        if (ifRange.size() > 1) {
            return false;
        }
        if (condition.startsWith("\"")) {
            return condition.equals(etag);
        }
        Instant time = HttpTime.parse(condition);
        return time != null && time.equals(lastModified);
    }

    private static @Nullable String single(Request request, String name) {
        List<String> values = request.headers(name);
        return values.size() == 1 ? values.getFirst() : null;
    }

    /** Whether one of the tags in {@code headers} is {@code etag}. A malformed list ends where it is malformed. */
    static boolean matches(List<String> headers, String etag, boolean isWeakEnough) {
        for (String header : headers) {
            if (header.trim().equals("*") || matches(header, etag, isWeakEnough)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String header, String etag, boolean isWeakEnough) {
        int at = 0;
        while (at < header.length()) {
            char c = header.charAt(at);
            if (c == ' ' || c == '\t' || c == ',') {
                at++;
                continue;
            }
            boolean isWeak = header.startsWith("W/", at);
            int start = isWeak ? at + 2 : at;
            int end = start < header.length() && header.charAt(start) == '"' ? header.indexOf('"', start + 1) : -1;
            if (end < 0) {
                return false;
            }
            if ((!isWeak || isWeakEnough)
                    && etag.regionMatches(0, header, start, Math.max(etag.length(), end + 1 - start))) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
