package io.lynx.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one JSON object (RFC 8259) per line: {@code time} (UTC), {@code level}, {@code logger}, {@code thread} if it
 * has a name, {@code message}, and, if present, {@code kv}, {@code mdc}, {@code markers} and {@code exception} with its
 * {@code type}, {@code message} and {@code stack}.
 *
 * <p>Key-values are in an object of their own, so that a key of the caller cannot hide one of the format. Numbers,
 * booleans, maps and lists keep their JSON type. A key that is given twice has its last value. Secrets are masked, in
 * every text and by the names of keys.
 */
record JsonFormat() implements LineFormat {
    @Override
    public void format(ILoggingEvent event, StringBuilder out) {
        out.append("{\"time\":\"");
        Timestamps.utc(event.getInstant(), out);
        out.append("\",\"level\":\"").append(event.getLevel()).append('"');
        member("logger", event.getLoggerName(), out);
        String thread = event.getThreadName();
        if (thread != null && !thread.isEmpty()) {
            member("thread", thread, out);
        }
        member("message", String.valueOf(event.getFormattedMessage()), out);
        keyValues(event, out);
        Map<String, String> mdc = event.getMDCPropertyMap();
        if (!mdc.isEmpty()) {
            member("mdc", mdc, out);
        }
        List<Marker> markers = event.getMarkerList();
        if (markers != null && !markers.isEmpty()) {
            member("markers", markers.stream().map(Marker::getName).toList(), out);
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            exception(thrown, out);
        }
        out.append("}\n");
    }

    private static void keyValues(ILoggingEvent event, StringBuilder out) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null && !pairs.isEmpty()) {
            Map<String, Object> kv = new LinkedHashMap<>();
            for (KeyValuePair pair : pairs) {
                kv.put(String.valueOf(pair.key), pair.value);
            }
            out.append(",\"kv\":");
            JsonText.members(kv, out);
        }
    }

    private static void exception(IThrowableProxy thrown, StringBuilder out) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("type", thrown.getClassName());
        if (thrown.getMessage() != null) {
            parts.put("message", thrown.getMessage());
        }
        parts.put("stack", ThrowableProxyUtil.asString(thrown).replace(System.lineSeparator(), "\n"));
        member("exception", parts, out);
    }

    private static void member(String name, Object value, StringBuilder out) {
        out.append(",\"").append(name).append("\":");
        JsonText.value(value, out);
    }
}
