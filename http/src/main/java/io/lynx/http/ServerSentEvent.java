package io.lynx.http;

import java.time.Duration;
import java.util.Optional;

/**
 * An event of an {@link EventStream} (HTML Living Standard, 9.2). Immutable; each {@code with} method returns a changed copy.
 *
 * @param data text, which may have several lines, or an object that is sent as JSON
 * @param id what a client that reconnects names as the last event that it has received
 * @param name the type of the event for the client's listeners; {@code message} if empty
 * @param retry how long the client is to wait before it reconnects
 */
public record ServerSentEvent(Object data, Optional<String> id, Optional<String> name, Optional<Duration> retry) {
    private static final Duration LONGEST_RETRY = Duration.ofDays(365);

    /**
     * An event with these components.
     *
     * @throws IllegalArgumentException if id or name have a line break or NUL, or the time is not 0 to 365 days
     */
    public ServerSentEvent {
        id.ifPresent(text -> requireOneLine("id", text));
        name.ifPresent(text -> requireOneLine("name", text));
        retry.ifPresent(ServerSentEvent::requireRetry);
    }

    private static void requireRetry(Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST_RETRY) > 0) {
            throw new IllegalArgumentException("retry of an event: " + time + "; 0 to 365 days");
        }
    }

    /** Returns an event with text. */
    public static ServerSentEvent of(String data) {
        return new ServerSentEvent(data, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Returns an event with an object, which the stream writes as JSON. */
    public static ServerSentEvent json(Object data) {
        return new ServerSentEvent(data, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns a copy with an id.
     *
     * @throws IllegalArgumentException if it has a line break or NUL
     */
    public ServerSentEvent withId(String id) {
        return new ServerSentEvent(data, Optional.of(id), name, retry);
    }

    /**
     * Returns a copy with a name.
     *
     * @throws IllegalArgumentException if it has a line break or NUL
     */
    public ServerSentEvent withName(String name) {
        return new ServerSentEvent(data, id, Optional.of(name), retry);
    }

    /**
     * Returns a copy that sets how long the client waits before it reconnects.
     *
     * @throws IllegalArgumentException if the time is not 0 to 365 days
     */
    public ServerSentEvent withRetry(Duration time) {
        return new ServerSentEvent(data, id, name, Optional.of(time));
    }

    private static void requireOneLine(String subject, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == '\0') {
                throw new IllegalArgumentException(
                        subject + " of an event: character " + (int) c + " at " + i + "; one line without NUL");
            }
        }
    }
}
