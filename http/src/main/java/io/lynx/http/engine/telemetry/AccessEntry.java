package io.lynx.http.engine.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One request as the access log shows it. What the client chose is shortened, and can neither end a line nor a quoted text. The query
 * is left out, since it may have secrets. Immutable.
 *
 * @param requestId as in other log lines
 * @param traceId empty if the request belongs to no trace
 * @param user the name of the principal; empty if there is none
 * @param client the address of the client; empty if it is not known
 * @param method empty if it could not be read, as are the texts that follow
 * @param route the template of the route; empty if none answers
 * @param status how the request ended, as in the metrics
 * @param requestBytes the size of its body
 * @param responseBytes the size of the answer's body
 * @param beganNanos from its head until its answer began
 * @param nanos from its head to its end
 */
public record AccessEntry(
        Instant at,
        String requestId,
        String traceId,
        String user,
        String client,
        String method,
        String path,
        String route,
        String protocol,
        String userAgent,
        int status,
        long requestBytes,
        long responseBytes,
        long beganNanos,
        long nanos) {
    private static final int LONGEST = 1024;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Does not keep what is not shown: thousands of entries may wait for a slow log. */
    public AccessEntry {
        user = cut(user);
        method = cut(method);
        path = cut(path);
        userAgent = cut(userAgent);
    }

    /** One character more than is shown tells that the text was longer. */
    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST + 1);
    }

    /** The request of a client that sent no head that could be read, on a connection that is closed. */
    public static AccessEntry unreadable(Instant at, String requestId, int status, long responseBytes, long nanos) {
        return new AccessEntry(at, requestId, "", "", "", "", "", "", "", "", status, 0, responseBytes, nanos, nanos);
    }

    /** Writes the request as key-values. */
    void write(LoggingEventBuilder line) {
        LoggingEventBuilder all = line.addKeyValue("request_id", text(requestId));
        all = traceId.isEmpty() ? all : all.addKeyValue("trace_id", traceId);
        all = user.isEmpty() ? all : all.addKeyValue("user", text(user));
        all.addKeyValue("client", text(client))
                .addKeyValue("method", text(method))
                .addKeyValue("path", text(path))
                .addKeyValue("route", route)
                .addKeyValue("protocol", protocol)
                .addKeyValue("status", status)
                .addKeyValue("request_bytes", requestBytes)
                .addKeyValue("response_bytes", responseBytes)
                .addKeyValue("began_ms", millis(beganNanos))
                .addKeyValue("ms", millis(nanos))
                .addKeyValue("user_agent", text(userAgent))
                .log("Request");
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e4) / 1e2;
    }

    /** Returns the request in the combined log format, followed by the request id and the duration in milliseconds. */
    String combined() {
        return orDash(text(client).replace(' ', '_')) + " - "
                + orDash(text(user).replace(' ', '_')) + " ["
                + TIME.format(at) + "] \"" + orDash(request()) + "\" " + status + " " + responseBytes + " \"-\" \""
                + orDash(text(userAgent)) + "\" " + orDash(text(requestId)) + " " + millis(nanos);
    }

    private String request() {
        return method.isEmpty() ? "" : text(method) + " " + text(path) + " " + protocol;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Returns {@code text} in visible ASCII without quotes and backslashes; other characters are {@code \x1b} or {@code \u2028}. */
    static String text(String text) {
        int length = Math.min(text.length(), LONGEST);
        for (int i = 0; i < length; i++) {
            if (!isPlain(text.charAt(i))) {
                return escaped(text, length);
            }
        }
        return length < text.length() ? text.substring(0, length) + "..." : text;
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != '\\';
    }

    private static String escaped(String text, int length) {
        StringBuilder out = new StringBuilder(length + 16);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, c <= 0xff ? "\\x%02x" : "\\u%04x", (int) c));
            }
        }
        return out.append(length < text.length() ? "..." : "").toString();
    }
}
