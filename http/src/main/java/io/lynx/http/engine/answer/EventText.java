package io.lynx.http.engine.answer;

import io.lynx.http.ServerSentEvent;
import io.lynx.http.engine.binding.Json;
import io.lynx.json.JsonCodec;
import java.nio.charset.StandardCharsets;

/** Writes events in the format of server-sent events. No content can break out of its field: each line gets the field's name. */
final class EventText {
    private EventText() {}

    /**
     * Returns an event as bytes.
     *
     * @throws IllegalArgumentException if its data cannot be written as JSON
     */
    static byte[] of(ServerSentEvent event, JsonCodec codec) {
        String data = event.data() instanceof String text
                ? text
                : new String(Json.write(codec, event.data()), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(data.length() + 48);
        event.retry()
                .ifPresent(
                        time -> text.append("retry: ").append(time.toMillis()).append('\n'));
        event.id().ifPresent(id -> text.append("id: ").append(id).append('\n'));
        event.name().ifPresent(name -> text.append("event: ").append(name).append('\n'));
        lines(text, "data: ", data);
        return bytes(text);
    }

    /** Returns a comment as bytes. */
    static byte[] comment(String content) {
        StringBuilder text = new StringBuilder(content.length() + 8);
        lines(text, ": ", content);
        return bytes(text);
    }

    private static byte[] bytes(StringBuilder text) {
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Lines end with CR LF, LF or CR. */
    private static void lines(StringBuilder text, String field, String content) {
        text.append(field);
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            boolean isPair = c == '\r' && i + 1 < content.length() && content.charAt(i + 1) == '\n';
            if (isPair) {
                i++;
            }
            if (c == '\n' || c == '\r') {
                text.append('\n').append(field);
            } else {
                text.append(c);
            }
        }
        text.append('\n');
    }

    /** The id of the last event, which clients send in UTF-8; headers are read as Latin-1. */
    static String lastId(String header) {
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) > 0x7f) {
                return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return header;
    }
}
