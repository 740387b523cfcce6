package io.lynx.http.websocket.engine;

/** What the sockets of the process hold. */
public final class HeldMessages {
    private HeldMessages() {}

    /** Returns the bytes of the messages that have arrived, in part or as a whole, and were not received. */
    public static long bytes() {
        return MessageMemory.SHARED.used();
    }
}
