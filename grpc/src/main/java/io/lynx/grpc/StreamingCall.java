package io.lynx.grpc;

import io.lynx.grpc.engine.LastingCall;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The streaming call whose callback runs on the current thread, for services that want to know when the server shuts down.
 * Stateless and thread-safe.
 */
public final class StreamingCall {
    private StreamingCall() {}

    /**
     * Calls {@code action} when the server, or the plugin that owns the service, is about to stop: at once if that has begun. The
     * service can send a last message and complete the call. A call that is still open when its time is over ends with {@code
     * UNAVAILABLE}. The action runs on a virtual thread beside the call's callbacks; what it throws is logged.
     *
     * @param action receives the time until the server ends the call
     * @throws IllegalStateException outside of the callbacks of a streaming call
     */
    public static void onDrain(Consumer<Duration> action) {
        LastingCall call = LastingCall.KEY.get();
        if (call == null) {
            throw new IllegalStateException(
                    "onDrain: no streaming call runs on this thread; call it in the method of the service, before it returns");
        }
        call.onDrain(action);
    }
}
